import type { Language } from '@hili/contract';

/** The words of one letter: its subject, and its paragraphs with `{places}`. A paragraph that is one place stands out. */
export interface Words {
  readonly subject: string;
  readonly body: readonly string[];
}

/**
 * THE table of letters. Subjects name no secret, since they are logged and shown on locked screens. A test holds the places of all five
 * languages equal.
 */
export const LETTERS = {
  code: {
    zh: {
      subject: '您的登录验证码',
      body: [
        '您好！您正在登录 Hili PhotoEnhance。您的验证码是：',
        '{code}',
        '请在 {minutes} 分钟内在页面上输入。',
        '如果这不是您本人的操作，请忽略此邮件。请勿将验证码告诉任何人。',
      ],
    },
    en: {
      subject: 'Your sign-in code',
      body: [
        'Hello. Here is your code for Hili PhotoEnhance:',
        '{code}',
        'Please type it on the page within {minutes} minutes.',
        'If you did not ask for it, you need do nothing. Never tell this code to anybody.',
      ],
    },
    ja: {
      subject: 'ログイン用の確認コード',
      body: [
        'Hili PhotoEnhanceの確認コードをお送りします。',
        '{code}',
        '{minutes}分以内にページで入力してください。',
        'お心当たりがない場合は、このメールを破棄してください。コードは誰にも教えないでください。',
      ],
    },
    es: {
      subject: 'Su código para iniciar sesión',
      body: [
        'Hola. Este es su código para Hili PhotoEnhance:',
        '{code}',
        'Escríbalo en la página. Vale {minutes} minutos.',
        'Si no lo ha pedido, no tiene que hacer nada. No dé este código a nadie.',
      ],
    },
    fr: {
      subject: 'Votre code de connexion',
      body: [
        'Bonjour. Voici votre code pour Hili PhotoEnhance :',
        '{code}',
        'Saisissez-le sur la page. Il est valable {minutes} minutes.',
        'Si vous ne l’avez pas demandé, ne faites rien. Ne donnez ce code à personne.',
      ],
    },
  },
  reset: {
    zh: {
      subject: '设置新密码',
      body: [
        '您好！您可以通过下面的链接设置新密码：',
        '{link}',
        '链接在 {minutes} 分钟内有效，只能使用一次。',
        '如果这不是您本人的操作，请忽略此邮件，您的密码不会改变。',
      ],
    },
    en: {
      subject: 'Set a new password',
      body: [
        'Hello. With this link you can set a new password:',
        '{link}',
        'It works once, within {minutes} minutes.',
        'If you did not ask for it, you need do nothing. Your password stays as it is.',
      ],
    },
    ja: {
      subject: '新しいパスワードの設定',
      body: [
        '次のリンクから新しいパスワードを設定できます。',
        '{link}',
        'リンクは{minutes}分間有効で、一度だけ使えます。',
        'お心当たりがない場合は、このメールを破棄してください。パスワードは変わりません。',
      ],
    },
    es: {
      subject: 'Elegir una contraseña nueva',
      body: [
        'Hola. Con este enlace puede elegir una contraseña nueva:',
        '{link}',
        'Sirve una sola vez, durante {minutes} minutos.',
        'Si no lo ha pedido, no tiene que hacer nada. Su contraseña no cambia.',
      ],
    },
    fr: {
      subject: 'Choisir un nouveau mot de passe',
      body: [
        'Bonjour. Ce lien vous permet de choisir un nouveau mot de passe :',
        '{link}',
        'Il sert une seule fois, pendant {minutes} minutes.',
        'Si vous ne l’avez pas demandé, ne faites rien. Votre mot de passe ne change pas.',
      ],
    },
  },
  'no-account': {
    zh: {
      subject: '此邮箱没有账号',
      body: [
        '您好！有人想为此邮箱重设密码，但此邮箱还没有账号。',
        '如果是您本人，您可能用了另一个邮箱注册。您也可以在这里用此邮箱登录，我们会为您建立账号：',
        '{link}',
        '如果不是您本人，请忽略此邮件。',
      ],
    },
    en: {
      subject: 'There is no account for this address',
      body: [
        'Hello. Somebody asked for a new password for this address, but there is no account for it.',
        'If it was you, perhaps you signed up with another address. You can also sign in with this one here, and an account is made for you:',
        '{link}',
        'If it was not you, you need do nothing.',
      ],
    },
    ja: {
      subject: 'このアドレスのアカウントはありません',
      body: [
        'このメールアドレスのパスワード再設定が申し込まれましたが、アカウントがありません。',
        'ご本人の場合は、別のアドレスで登録されたかもしれません。このアドレスでログインすると、アカウントが作られます。',
        '{link}',
        'お心当たりがない場合は、このメールを破棄してください。',
      ],
    },
    es: {
      subject: 'No hay ninguna cuenta con este correo',
      body: [
        'Hola. Alguien ha pedido una contraseña nueva para este correo, pero no tiene cuenta.',
        'Si ha sido usted, quizá se registró con otro correo. También puede iniciar sesión aquí con este, y se creará una cuenta:',
        '{link}',
        'Si no ha sido usted, no tiene que hacer nada.',
      ],
    },
    fr: {
      subject: 'Aucun compte pour cette adresse',
      body: [
        'Bonjour. Quelqu’un a demandé un nouveau mot de passe pour cette adresse, mais aucun compte n’existe.',
        'Si c’est vous, votre compte est peut-être à une autre adresse. Vous pouvez aussi vous connecter ici avec celle-ci, un compte sera créé :',
        '{link}',
        'Si ce n’est pas vous, ne faites rien.',
      ],
    },
  },
  'email-code': {
    zh: {
      subject: '确认您的新邮箱',
      body: [
        '您好！您想将此邮箱用于您的 Hili PhotoEnhance 账号。您的验证码是：',
        '{code}',
        '请在 {minutes} 分钟内在页面上输入。',
        '如果这不是您本人的操作，请忽略此邮件。',
      ],
    },
    en: {
      subject: 'Confirm your new address',
      body: [
        'Hello. You want to use this address for your account at Hili PhotoEnhance. Here is your code:',
        '{code}',
        'Please type it on the page within {minutes} minutes.',
        'If you did not ask for it, you need do nothing.',
      ],
    },
    ja: {
      subject: '新しいメールアドレスの確認',
      body: [
        'Hili PhotoEnhanceのアカウントにこのアドレスを使うための確認コードです。',
        '{code}',
        '{minutes}分以内にページで入力してください。',
        'お心当たりがない場合は、このメールを破棄してください。',
      ],
    },
    es: {
      subject: 'Confirme su correo nuevo',
      body: [
        'Hola. Ha pedido usar este correo en su cuenta de Hili PhotoEnhance. Este es su código:',
        '{code}',
        'Escríbalo en la página. Vale {minutes} minutos.',
        'Si no lo ha pedido, no tiene que hacer nada.',
      ],
    },
    fr: {
      subject: 'Confirmez votre nouvelle adresse',
      body: [
        'Bonjour. Vous souhaitez utiliser cette adresse pour votre compte Hili PhotoEnhance. Voici votre code :',
        '{code}',
        'Saisissez-le sur la page. Il est valable {minutes} minutes.',
        'Si vous ne l’avez pas demandé, ne faites rien.',
      ],
    },
  },
  'email-taken': {
    zh: {
      subject: '此邮箱已有账号',
      body: [
        '您好！有人想将此邮箱用于另一个账号，但此邮箱已有账号，因此没有任何改变。',
        '如果是您本人，您可以直接用此邮箱登录：',
        '{link}',
        '如果不是您本人，请忽略此邮件。',
      ],
    },
    en: {
      subject: 'This address has an account already',
      body: [
        'Hello. Somebody asked to use this address for another account. It has an account already, so nothing was changed.',
        'If it was you, simply sign in with this address:',
        '{link}',
        'If it was not you, you need do nothing.',
      ],
    },
    ja: {
      subject: 'このアドレスには既にアカウントがあります',
      body: [
        'このアドレスを別のアカウントで使う申し込みがありましたが、既にアカウントがあるため、変更していません。',
        'ご本人の場合は、このアドレスでそのままログインできます。',
        '{link}',
        'お心当たりがない場合は、このメールを破棄してください。',
      ],
    },
    es: {
      subject: 'Este correo ya tiene una cuenta',
      body: [
        'Hola. Alguien ha pedido usar este correo en otra cuenta. Como ya tiene una, no se ha cambiado nada.',
        'Si ha sido usted, inicie sesión con este correo:',
        '{link}',
        'Si no ha sido usted, no tiene que hacer nada.',
      ],
    },
    fr: {
      subject: 'Cette adresse a déjà un compte',
      body: [
        'Bonjour. Quelqu’un a demandé à utiliser cette adresse pour un autre compte. Elle en a déjà un, rien n’a donc été changé.',
        'Si c’est vous, connectez-vous simplement avec cette adresse :',
        '{link}',
        'Si ce n’est pas vous, ne faites rien.',
      ],
    },
  },
  'email-changed': {
    zh: {
      subject: '您的邮箱已更改',
      body: [
        '您好！您的 Hili PhotoEnhance 账号已改用另一个邮箱。今后的邮件将发送到新邮箱。',
        '如果这不是您本人的操作，请您尽快联系我们：',
        '{link}',
      ],
    },
    en: {
      subject: 'Your address was changed',
      body: [
        'Hello. Your account at Hili PhotoEnhance now has another address. From now on, our e-mails go there.',
        'If it was not you, please contact us soon:',
        '{link}',
      ],
    },
    ja: {
      subject: 'メールアドレスが変更されました',
      body: [
        'Hili PhotoEnhanceのアカウントのメールアドレスが変更されました。今後のメールは新しいアドレスに届きます。',
        'お心当たりがない場合は、すぐにご連絡ください。',
        '{link}',
      ],
    },
    es: {
      subject: 'Su correo ha cambiado',
      body: [
        'Hola. Su cuenta de Hili PhotoEnhance tiene ahora otro correo. Los próximos mensajes irán allí.',
        'Si no ha sido usted, escríbanos cuanto antes:',
        '{link}',
      ],
    },
    fr: {
      subject: 'Votre adresse a été changée',
      body: [
        'Bonjour. Votre compte Hili PhotoEnhance a maintenant une autre adresse. Nos prochains e-mails y seront envoyés.',
        'Si ce n’est pas vous, écrivez-nous vite :',
        '{link}',
      ],
    },
  },
  'password-changed': {
    zh: {
      subject: '您的密码已更改',
      body: [
        '您好！您的 Hili PhotoEnhance 密码刚刚更改，其他设备已退出登录。',
        '如果这不是您本人的操作，请您立即在这里设置新密码：',
        '{link}',
      ],
    },
    en: {
      subject: 'Your password was changed',
      body: [
        'Hello. Your password at Hili PhotoEnhance was changed just now. Your other devices are signed out.',
        'If it was not you, please set a new password here at once:',
        '{link}',
      ],
    },
    ja: {
      subject: 'パスワードが変更されました',
      body: [
        'Hili PhotoEnhanceのパスワードが変更されました。ほかの端末はログアウトしました。',
        'お心当たりがない場合は、すぐにこちらで新しいパスワードを設定してください。',
        '{link}',
      ],
    },
    es: {
      subject: 'Su contraseña ha cambiado',
      body: [
        'Hola. Su contraseña de Hili PhotoEnhance acaba de cambiar. Se ha cerrado la sesión en sus otros dispositivos.',
        'Si no ha sido usted, elija enseguida una contraseña nueva aquí:',
        '{link}',
      ],
    },
    fr: {
      subject: 'Votre mot de passe a été changé',
      body: [
        'Bonjour. Votre mot de passe Hili PhotoEnhance vient d’être changé. Vos autres appareils sont déconnectés.',
        'Si ce n’est pas vous, choisissez tout de suite un nouveau mot de passe ici :',
        '{link}',
      ],
    },
  },
  'photo-ready': {
    zh: {
      subject: '您的照片已修复完成',
      body: [
        '您好！您的照片“{name}”已修复完成。您可以在这里查看和下载：',
        '{link}',
        '照片保留到 {until}，之后将自动删除。请您及时下载。',
        '如果您不想再收到此类邮件，可以在用户中心关闭。',
      ],
    },
    en: {
      subject: 'Your photo is ready',
      body: [
        'Hello. Your photo “{name}” is restored. See and download it here:',
        '{link}',
        'It stays until {until}. Then it is deleted, so please download it in time.',
        'If you want no more of these e-mails, switch them off in your account.',
      ],
    },
    ja: {
      subject: '写真の修復が完了しました',
      body: [
        '写真「{name}」の修復が完了しました。こちらでご覧になり、ダウンロードできます。',
        '{link}',
        '{until}まで保存され、その後は削除されます。お早めにダウンロードしてください。',
        'このメールが不要な場合は、アカウントのページで停止できます。',
      ],
    },
    es: {
      subject: 'Su foto está lista',
      body: [
        'Hola. Su foto «{name}» está restaurada. Puede verla y descargarla aquí:',
        '{link}',
        'Se guarda hasta el {until}. Después se borra: descárguela a tiempo.',
        'Si no quiere más mensajes de este tipo, desactívelos en su cuenta.',
      ],
    },
    fr: {
      subject: 'Votre photo est prête',
      body: [
        'Bonjour. Votre photo « {name} » est restaurée. Vous pouvez la voir et la télécharger ici :',
        '{link}',
        'Elle est conservée jusqu’au {until}. Ensuite elle est supprimée : téléchargez-la à temps.',
        'Pour ne plus recevoir ces e-mails, désactivez-les dans votre compte.',
      ],
    },
  },
  'account-deleted': {
    zh: {
      subject: '您的账号已注销',
      body: [
        '您好！您的 Hili PhotoEnhance 账号已注销，所有照片也已删除。我们也不再保存您的邮箱。',
        '感谢您的信任。您随时可以重新注册：',
        '{link}',
      ],
    },
    en: {
      subject: 'Your account is deleted',
      body: [
        'Hello. Your account at Hili PhotoEnhance and all its photos are deleted. We have forgotten your address too.',
        'Thank you for having been with us. You can sign up again at any time:',
        '{link}',
      ],
    },
    ja: {
      subject: 'アカウントを削除しました',
      body: [
        'Hili PhotoEnhanceのアカウントと写真をすべて削除しました。メールアドレスも削除しました。',
        'ご利用ありがとうございました。いつでもまたご登録いただけます。',
        '{link}',
      ],
    },
    es: {
      subject: 'Su cuenta se ha eliminado',
      body: [
        'Hola. Su cuenta de Hili PhotoEnhance y todas sus fotos se han eliminado. Tampoco conservamos su correo.',
        'Gracias por su confianza. Puede volver a registrarse cuando quiera:',
        '{link}',
      ],
    },
    fr: {
      subject: 'Votre compte est supprimé',
      body: [
        'Bonjour. Votre compte Hili PhotoEnhance et toutes ses photos sont supprimés. Nous ne gardons pas non plus votre adresse.',
        'Merci de votre confiance. Vous pouvez vous réinscrire quand vous voulez :',
        '{link}',
      ],
    },
  },
  fapiao: {
    zh: {
      subject: '有用户申请发票',
      body: [
        '订单 {number} 申请发票，金额 {sum} 元。',
        '抬头：{title}',
        '税号：{taxNumber}',
        '发送至：{email}',
        '申请编号 {id}。',
        '请您在开具后用命令 hili fapiao issue 登记发票号码；不能开具时用 hili fapiao refuse。',
      ],
    },
    en: {
      subject: 'Somebody asks for a fapiao',
      body: [
        'A fapiao is asked for order {number}, over CNY {sum}.',
        'Made out to: {title}',
        'Tax number: {taxNumber}',
        'To be sent to: {email}',
        'Request {id}.',
        'Once it is made, please note its number with the command: hili fapiao issue. If it cannot be made: hili fapiao refuse.',
      ],
    },
    ja: {
      subject: '発票（中国の税務領収書）の発行依頼があります',
      body: [
        '注文{number}の発票が依頼されました。金額は{sum}元です。',
        '宛名：{title}',
        '納税者番号：{taxNumber}',
        '送付先：{email}',
        '依頼番号 {id}。',
        '発行後、コマンド hili fapiao issue で番号を登録してください。発行できない場合は hili fapiao refuse を使ってください。',
      ],
    },
    es: {
      subject: 'Alguien pide un fapiao',
      body: [
        'Se pide un fapiao del pedido {number}, por {sum} CNY.',
        'A nombre de: {title}',
        'Número fiscal: {taxNumber}',
        'Enviar a: {email}',
        'Solicitud {id}.',
        'Cuando esté hecho, anote su número con la orden: hili fapiao issue. Si no es posible: hili fapiao refuse.',
      ],
    },
    fr: {
      subject: 'Quelqu’un demande un fapiao',
      body: [
        'Un fapiao est demandé pour la commande {number}, d’un montant de {sum} CNY.',
        'Au nom de : {title}',
        'Numéro fiscal : {taxNumber}',
        'À envoyer à : {email}',
        'Demande {id}.',
        'Une fois établi, notez son numéro avec la commande : hili fapiao issue. Si ce n’est pas possible : hili fapiao refuse.',
      ],
    },
  },
  'fapiao-issued': {
    zh: {
      subject: '您的发票已开具',
      body: ['您好！订单 {number} 的发票已开具。发票号码是：', '{note}', '如有疑问，请与我们联系：', '{link}'],
    },
    en: {
      subject: 'Your fapiao is issued',
      body: [
        'Hello. The fapiao of your order {number} is issued. Its number is:',
        '{note}',
        'If something is not right, please write to us:',
        '{link}',
      ],
    },
    ja: {
      subject: '発票を発行しました',
      body: [
        'ご注文{number}の発票を発行しました。番号は次のとおりです。',
        '{note}',
        'ご不明な点がありましたら、こちらからご連絡ください。',
        '{link}',
      ],
    },
    es: {
      subject: 'Su fapiao está emitido',
      body: [
        'Hola. El fapiao de su pedido {number} está emitido. Su número es:',
        '{note}',
        'Si algo no es correcto, escríbanos:',
        '{link}',
      ],
    },
    fr: {
      subject: 'Votre fapiao est établi',
      body: [
        'Bonjour. Le fapiao de votre commande {number} est établi. Son numéro est :',
        '{note}',
        'Si quelque chose ne va pas, écrivez-nous :',
        '{link}',
      ],
    },
  },
  'fapiao-refused': {
    zh: {
      subject: '您的发票申请未能办理',
      body: ['您好！很抱歉，订单 {number} 的发票未能开具。原因是：', '{note}', '如有疑问，请与我们联系：', '{link}'],
    },
    en: {
      subject: 'We could not issue your fapiao',
      body: [
        'Hello. We are sorry: the fapiao of your order {number} could not be issued. The reason is:',
        '{note}',
        'If something is unclear, please write to us:',
        '{link}',
      ],
    },
    ja: {
      subject: '発票を発行できませんでした',
      body: [
        '申し訳ございません。ご注文{number}の発票を発行できませんでした。理由は次のとおりです。',
        '{note}',
        'ご不明な点がありましたら、こちらからご連絡ください。',
        '{link}',
      ],
    },
    es: {
      subject: 'No hemos podido emitir su fapiao',
      body: [
        'Hola. Lo sentimos: no se ha podido emitir el fapiao de su pedido {number}. El motivo es:',
        '{note}',
        'Si algo no está claro, escríbanos:',
        '{link}',
      ],
    },
    fr: {
      subject: 'Nous n’avons pas pu établir votre fapiao',
      body: [
        'Bonjour. Nous sommes désolés : le fapiao de votre commande {number} n’a pas pu être établi. La raison :',
        '{note}',
        'Si quelque chose n’est pas clair, écrivez-nous :',
        '{link}',
      ],
    },
  },
  complaint: {
    zh: {
      subject: '有用户对结果不满意',
      body: [
        '有用户对照片的修复结果不满意。',
        '问题：{fault}',
        '用户的话：{text}',
        '处理方式和设置：{asked}',
        '{look}',
        '照片 {photo}，反馈 {id}。',
        '请您用命令 hili complaints answer 回复。',
      ],
    },
    en: {
      subject: 'Somebody is not satisfied with a result',
      body: [
        'Somebody is not satisfied with what became of a photo.',
        'What is wrong: {fault}',
        'In their words: {text}',
        'What was asked: {asked}',
        '{look}',
        'Photo {photo}, complaint {id}.',
        'Please answer with the command: hili complaints answer',
      ],
    },
    ja: {
      subject: '結果にご満足いただけなかった方がいます',
      body: [
        '写真の修復結果にご満足いただけなかった方がいます。',
        '気になる点：{fault}',
        'お言葉：{text}',
        '依頼内容と設定：{asked}',
        '{look}',
        '写真：{photo}、お申し出：{id}。',
        'コマンド hili complaints answer で回答してください。',
      ],
    },
    es: {
      subject: 'Alguien no está satisfecho con un resultado',
      body: [
        'Alguien no está satisfecho con el resultado de una foto.',
        'Qué falla: {fault}',
        'En sus palabras: {text}',
        'Lo que se pidió: {asked}',
        '{look}',
        'Foto {photo}, reclamación {id}.',
        'Responda con la orden: hili complaints answer',
      ],
    },
    fr: {
      subject: 'Quelqu’un n’est pas satisfait d’un résultat',
      body: [
        'Quelqu’un n’est pas satisfait du résultat d’une photo.',
        'Ce qui ne va pas : {fault}',
        'Ses mots : {text}',
        'Ce qui a été demandé : {asked}',
        '{look}',
        'Photo {photo}, réclamation {id}.',
        'Répondez avec la commande : hili complaints answer',
      ],
    },
  },
  'complaint-answered': {
    zh: {
      subject: '关于您的照片的回复',
      body: [
        '您好！您告诉我们对一张照片的结果不满意。我们的回复是：',
        '{answer}',
        '如果您还有问题，请在这里联系我们：',
        '{link}',
      ],
    },
    en: {
      subject: 'Our answer about your photo',
      body: [
        'Hello. You told us that you were not satisfied with a photo. This is our answer:',
        '{answer}',
        'If anything is left to say, please write to us:',
        '{link}',
      ],
    },
    ja: {
      subject: '写真についてのお返事',
      body: [
        '写真の仕上がりについてのご連絡、ありがとうございました。お返事は次のとおりです。',
        '{answer}',
        'ほかにご不明な点がありましたら、こちらからご連絡ください。',
        '{link}',
      ],
    },
    es: {
      subject: 'Nuestra respuesta sobre su foto',
      body: [
        'Hola. Nos dijo que el resultado de una foto no le convencía. Esta es nuestra respuesta:',
        '{answer}',
        'Si le queda alguna duda, escríbanos:',
        '{link}',
      ],
    },
    fr: {
      subject: 'Notre réponse au sujet de votre photo',
      body: [
        'Bonjour. Vous nous avez dit que le résultat d’une photo ne vous convenait pas. Voici notre réponse :',
        '{answer}',
        'S’il reste une question, écrivez-nous :',
        '{link}',
      ],
    },
  },
  'credits-expiring': {
    zh: {
      subject: '您的剩余次数即将到期',
      body: [
        '您好！您的账号中还有 {credits} 张未使用，{until}到期。',
        '请您在此之前使用：',
        '{link}',
        '到期后未用的次数会失效。如有疑问，请随时联系我们。',
      ],
    },
    en: {
      subject: 'Photos on your account expire soon',
      body: [
        'Hello. Photos that you have not used yet: {credits}. They are good until {until}.',
        'Please use them before then:',
        '{link}',
        'After that they can no longer be used. If that is a problem, please write to us.',
      ],
    },
    ja: {
      subject: '残りの枚数の有効期限が近づいています',
      body: [
        '未使用の枚数：{credits}。有効期限：{until}。',
        'それまでにこちらでお使いください。',
        '{link}',
        '期限を過ぎると使えなくなります。お困りの場合はご連絡ください。',
      ],
    },
    es: {
      subject: 'Sus fotos caducan pronto',
      body: [
        'Hola. Fotos que aún no ha usado: {credits}. Valen hasta el {until}.',
        'Úselas antes aquí:',
        '{link}',
        'Después ya no se podrán usar. Si es un problema, escríbanos.',
      ],
    },
    fr: {
      subject: 'Vos photos expirent bientôt',
      body: [
        'Bonjour. Photos que vous n’avez pas encore utilisées : {credits}. Elles sont valables jusqu’au {until}.',
        'Utilisez-les d’ici là :',
        '{link}',
        'Ensuite, elles ne seront plus utilisables. Si cela vous pose un problème, écrivez-nous.',
      ],
    },
  },
} as const satisfies Record<string, Record<Language, Words>>;

export type LetterName = keyof typeof LETTERS;
