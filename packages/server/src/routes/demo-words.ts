import type { Text } from '@hili/contract';

/** Words of the page that stands for WeChat where payments are simulated. */
export const TITLE: Text = {
  zh: '模拟微信扫码支付',
  en: 'Simulated WeChat payment',
  ja: 'WeChatでのお支払い（模擬）',
  es: 'Pago simulado con WeChat',
  fr: 'Paiement WeChat simulé',
};
export const BANNER: Text = {
  zh: '演示：不会真的扣款',
  en: 'A demonstration: no money moves',
  ja: 'デモです。実際の料金はかかりません',
  es: 'Demostración: no se mueve dinero',
  fr: 'Démonstration : aucun argent ne circule',
};
export const BACK: Text = {
  zh: '返回订单',
  en: 'Back to the order',
  ja: 'ご注文に戻る',
  es: 'Volver al pedido',
  fr: 'Retour à la commande',
};

/** What the status of an order at WeChat means to its buyer. */
export const STATES: Readonly<Record<string, Text>> = {
  NOTPAY: { zh: '待支付', en: 'To be paid', ja: '未払いです', es: 'Pendiente de pago', fr: 'À payer' },
  SUCCESS: {
    ...{ zh: '已支付', en: 'Paid. Thank you.', ja: 'お支払いが済みました' },
    ...{ es: 'Pagado. Gracias.', fr: 'C’est payé. Merci.' },
  },
  REFUND: { zh: '已退款', en: 'Refunded', ja: '返金済みです', es: 'Reembolsado', fr: 'Remboursé' },
  CLOSED: {
    ...{ zh: '订单已关闭', en: 'The order is closed', ja: 'このご注文は終了しました' },
    ...{ es: 'El pedido está cerrado', fr: 'La commande est close' },
  },
};
export const UNKNOWN: Text = {
  zh: '无效的二维码',
  en: 'No such code',
  ja: '無効なコードです',
  es: 'No existe ese código',
  fr: 'Ce code n’existe pas',
};

/** The page that stands for WeChat where money is accepted. */
export const ACCEPT_TITLE: Text = {
  zh: '模拟微信确认收款',
  en: 'Simulated WeChat: accept money',
  ja: 'WeChatでのお受け取り（模擬）',
  es: 'WeChat simulado: aceptar dinero',
  fr: 'WeChat simulé : recevoir de l’argent',
};
export const ACCEPT: Text = { zh: '确认收款', en: 'Accept', ja: '受け取る', es: 'Aceptar', fr: 'Recevoir' };
export const TO_ACCOUNT: Text = {
  zh: '返回用户中心',
  en: 'Back to your account',
  ja: 'アカウントに戻る',
  es: 'Volver a su cuenta',
  fr: 'Retour à votre compte',
};
/** What the status of a transfer at WeChat means to whom it goes. */
export const ACCEPT_STATES: Readonly<Record<string, Text>> = {
  WAIT_USER_CONFIRM: {
    ...{ zh: '待您确认', en: 'It waits for you', ja: 'お受け取りをお待ちしています' },
    ...{ es: 'Le espera', fr: 'Il vous attend' },
  },
  SUCCESS: {
    ...{ zh: '已收款', en: 'Accepted. Thank you.', ja: '受け取りが済みました' },
    ...{ es: 'Aceptado. Gracias.', fr: 'C’est reçu. Merci.' },
  },
};
export const ENDED: Text = {
  zh: '已经不能确认收款',
  en: 'This can no longer be accepted',
  ja: 'もう受け取れません',
  es: 'Ya no se puede aceptar',
  fr: 'La réception n’est plus possible',
};

/** The buttons, by the names of their acts. */
export const ACT_WORDS = {
  pay: { zh: '支付', en: 'Pay', ja: '支払う', es: 'Pagar', fr: 'Payer' },
  late: {
    zh: '支付，通知晚到 60 秒',
    en: 'Pay; the notice comes 60 s late',
    ja: '支払う（通知は60秒遅れ）',
    es: 'Pagar; el aviso llega 60 s tarde',
    fr: 'Payer ; l’avis arrive 60 s plus tard',
  },
  duplicate: {
    zh: '支付，通知重复 5 次',
    en: 'Pay; the notice comes five times',
    ja: '支払う（通知は5回）',
    es: 'Pagar; el aviso llega cinco veces',
    fr: 'Payer ; l’avis arrive cinq fois',
  },
  tamper: {
    zh: '支付，首个通知被篡改',
    en: 'Pay; the first notice is tampered with',
    ja: '支払う（最初の通知は改ざん）',
    es: 'Pagar; el primer aviso viene alterado',
    fr: 'Payer ; le premier avis est falsifié',
  },
} as const satisfies Record<string, Text>;
