import type { ErrorRow } from './row.ts';

/** Of credits, orders and payments. */
export const SALES_ERRORS = {
  NO_CREDITS: {
    status: 402,
    errno: 9101,
    report: false,
    text: {
      zh: '剩余下载次数为0',
      en: 'No credits are left.',
      ja: '残りの枚数がありません。',
      es: 'No quedan créditos.',
      fr: 'Il ne reste plus de crédits.',
    },
  },
  ORDERS_OPEN: {
    status: 409,
    errno: 500,
    report: false,
    text: {
      zh: '您有 3 笔订单尚未付款，请先付款或取消其中一笔',
      en: 'Three of your orders are still unpaid. Please pay or cancel one first.',
      ja: 'お支払い前のご注文が3件あります。先にお支払いいただくか、取り消してください。',
      es: 'Tiene tres pedidos sin pagar. Pague o cancele uno primero.',
      fr: 'Trois de vos commandes ne sont pas payées. Payez ou annulez-en une d’abord.',
    },
  },
  ORDER_ENDED: {
    status: 409,
    errno: 500,
    report: false,
    text: {
      zh: '订单状态已变更，无法进行此操作',
      en: 'The order has changed, so this is no longer possible.',
      ja: 'ご注文の状態が変わったため、この操作はできません。',
      es: 'El pedido ha cambiado de estado y esto ya no es posible.',
      fr: 'La commande a changé d’état : ce n’est plus possible.',
    },
  },
  NOT_REFUNDABLE: {
    status: 409,
    errno: 500,
    report: false,
    text: {
      zh: '此订单没有可退款的次数',
      en: 'Nothing of this order can be refunded.',
      ja: 'このご注文に返金できる分はありません。',
      es: 'De este pedido no se puede reembolsar nada.',
      fr: 'Rien ne peut être remboursé sur cette commande.',
    },
  },
  VOUCHER_INVALID: {
    status: 404,
    errno: 500,
    report: false,
    text: {
      zh: '兑换码无效或已使用',
      en: 'This code is not valid, or it has been used.',
      ja: 'コードが無効か、すでに使用されています。',
      es: 'El código no es válido o ya se ha usado.',
      fr: 'Ce code n’est pas valable ou a déjà servi.',
    },
  },
  PAYMENT_FAILED: {
    status: 502,
    errno: 500,
    report: true,
    text: {
      zh: '支付服务暂时没有响应，请您稍后再试',
      en: 'The payment service did not answer. Please try again in a moment.',
      ja: '決済サービスから応答がありません。しばらくしてからお試しください。',
      es: 'El servicio de pago no respondió. Inténtelo de nuevo en un momento.',
      fr: 'Le service de paiement n’a pas répondu. Réessayez dans un instant.',
    },
  },
} as const satisfies Record<string, ErrorRow>;
