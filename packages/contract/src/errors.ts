import type { Text } from './languages.ts';

/** One row of the table: HTTP status of our own API, `errno` of the partner wire, whether operators are told, public text. */
export interface ErrorRow {
  readonly status: number;
  readonly errno: number;
  readonly report: boolean;
  readonly text: Text;
}

/**
 * Every error that leaves the service. The Chinese texts of the partner's errnos are those of the existing API, to the byte.
 * `docs/errors.md` shows the same rows, held equal by a test.
 */
export const ERRORS = {
  TOKEN_INVALID: {
    status: 401,
    errno: 9999,
    report: false,
    text: {
      zh: '请求参数token不合法',
      en: 'The token is not valid.',
      ja: 'トークンが無効です。',
      es: 'El token no es válido.',
      fr: 'Le jeton n’est pas valide.',
    },
  },
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
  BAD_REQUEST: {
    status: 400,
    errno: 9001,
    report: false,
    text: {
      zh: '传入参数错误',
      en: 'A field is missing or malformed.',
      ja: 'パラメーターに誤りがあります。',
      es: 'Falta un campo o no es correcto.',
      fr: 'Un champ manque ou n’est pas correct.',
    },
  },
  UNSUPPORTED_TYPE: {
    status: 415,
    errno: 9005,
    report: false,
    text: {
      zh: '文件上传类型不支持',
      en: 'This type of file is not supported.',
      ja: 'この種類のファイルには対応していません。',
      es: 'Este tipo de archivo no es compatible.',
      fr: 'Ce type de fichier n’est pas pris en charge.',
    },
  },
  UPLOAD_FAILED: {
    status: 400,
    errno: 9006,
    report: false,
    text: {
      zh: '上传失败',
      en: 'The upload broke off.',
      ja: 'アップロードに失敗しました。',
      es: 'La subida se interrumpió.',
      fr: 'L’envoi s’est interrompu.',
    },
  },
  TOO_LARGE: {
    status: 413,
    errno: 9006,
    report: false,
    text: {
      zh: '上传失败,文件不能超过50 MB',
      en: 'The file is larger than 50 MB.',
      ja: 'ファイルが50 MBを超えています。',
      es: 'El archivo supera los 50 MB.',
      fr: 'Le fichier dépasse 50 Mo.',
    },
  },
  PHOTO_DAMAGED: {
    status: 422,
    errno: 9009,
    report: false,
    text: {
      zh: '图片异常,处理失败',
      en: 'The picture is damaged or cannot be processed.',
      ja: '画像が壊れているか、処理できません。',
      es: 'La imagen está dañada o no se puede procesar.',
      fr: 'L’image est endommagée ou ne peut pas être traitée.',
    },
  },
  PHOTO_TOO_LARGE: {
    status: 422,
    errno: 9009,
    report: false,
    text: {
      zh: '图片异常,像素超过上限',
      en: 'The picture has too many pixels.',
      ja: '画像の画素数が上限を超えています。',
      es: 'La imagen tiene demasiados píxeles.',
      fr: 'L’image a trop de pixels.',
    },
  },
  TIMED_OUT: {
    status: 422,
    errno: 9009,
    report: false,
    text: {
      zh: '图片异常,处理超时',
      en: 'The picture took too long to process.',
      ja: '画像の処理に時間がかかりすぎました。',
      es: 'La imagen tardó demasiado en procesarse.',
      fr: 'Le traitement de l’image a pris trop de temps.',
    },
  },
  PHOTO_NOT_FOUND: {
    status: 404,
    errno: 9002,
    report: false,
    text: {
      zh: '图片不存在,请确认图片是否上传成功',
      en: 'There is no such picture. Please check that the upload succeeded.',
      ja: '画像が見つかりません。アップロードが完了したかご確認ください。',
      es: 'La imagen no existe. Revise que se haya subido bien.',
      fr: 'Cette image n’existe pas. Vérifiez que l’envoi a réussi.',
    },
  },
  PHOTO_EXPIRED: {
    status: 410,
    errno: 9002,
    report: false,
    text: {
      zh: '数据已失效,请重新上传',
      en: 'The picture has been deleted. Please upload it again.',
      ja: 'データの有効期限が切れました。もう一度アップロードしてください。',
      es: 'La imagen ha caducado. Vuelva a subirla.',
      fr: 'L’image a été supprimée. Veuillez l’envoyer de nouveau.',
    },
  },
  DATA_NOT_FOUND: {
    status: 404,
    errno: 9002,
    report: false,
    text: {
      zh: '数据未找到',
      en: 'No data was found.',
      ja: 'データが見つかりません。',
      es: 'No se encontraron datos.',
      fr: 'Aucune donnée trouvée.',
    },
  },
  NOT_FINISHED: {
    status: 409,
    errno: 500,
    report: false,
    text: {
      zh: '图片处理中',
      en: 'The picture is still being processed.',
      ja: '画像を処理しています。',
      es: 'La imagen aún se está procesando.',
      fr: 'L’image est encore en cours de traitement.',
    },
  },
  PHOTO_BUSY: {
    status: 409,
    errno: 500,
    report: false,
    text: {
      zh: '还有一张照片正在处理，请稍候',
      en: 'A photo of yours is still being processed. One at a time, please.',
      ja: '写真を処理中です。終わってからお試しください。',
      es: 'Todavía se procesa una foto suya. De una en una, por favor.',
      fr: 'Une de vos photos est encore en traitement. Une à la fois, s’il vous plaît.',
    },
  },
  CANCELLED: {
    status: 409,
    errno: 9009,
    report: false,
    text: {
      zh: '已取消，未扣次数',
      en: 'Cancelled. Nothing was charged.',
      ja: 'キャンセルしました。枚数は減っていません。',
      es: 'Cancelada. No se ha descontado nada.',
      fr: 'Annulée. Rien n’a été décompté.',
    },
  },
  SIGN_IN_REQUIRED: {
    status: 401,
    errno: 500,
    report: false,
    text: {
      zh: '请您先登录',
      en: 'Please sign in first.',
      ja: '先にログインしてください。',
      es: 'Inicie sesión primero.',
      fr: 'Veuillez d’abord vous connecter.',
    },
  },
  SIGN_IN_FAILED: {
    status: 401,
    errno: 500,
    report: false,
    text: {
      zh: '邮箱、密码或验证码不正确',
      en: 'The e-mail address, the password or the code is not right.',
      ja: 'メールアドレス、パスワード、または確認コードが正しくありません。',
      es: 'El correo, la contraseña o el código no es correcto.',
      fr: 'L’adresse e-mail, le mot de passe ou le code n’est pas correct.',
    },
  },
  SIGN_IN_AGAIN: {
    status: 403,
    errno: 500,
    report: false,
    text: {
      zh: '为了您的安全，请您重新登录后再操作',
      en: 'To keep your account safe, please sign in again before you do this.',
      ja: '安全のため、もう一度ログインしてから操作してください。',
      es: 'Por su seguridad, vuelva a iniciar sesión antes de hacer esto.',
      fr: 'Pour votre sécurité, reconnectez-vous avant de faire cela.',
    },
  },
  SECOND_FACTOR_NEEDED: {
    status: 403,
    errno: 500,
    report: false,
    text: {
      zh: '请先用通行密钥或动态验证码确认您的身份',
      en: 'Please confirm that it is you, with a passkey or a code of your authenticator app.',
      ja: 'パスキーまたは認証アプリのコードで本人確認をしてください。',
      es: 'Confirme que es usted, con una llave de acceso o un código de su aplicación de autenticación.',
      fr: 'Confirmez que c’est bien vous, avec une clé d’accès ou un code de votre application d’authentification.',
    },
  },
  LINK_EXPIRED: {
    status: 410,
    errno: 500,
    report: false,
    text: {
      zh: '此链接已使用或已过期，请您重新获取',
      en: 'This link has been used or is too old. Please ask for a new one.',
      ja: 'このリンクは使用済みか、期限が切れています。もう一度お申し込みください。',
      es: 'Este enlace ya se usó o ha caducado. Pida uno nuevo.',
      fr: 'Ce lien a déjà servi ou est trop ancien. Demandez-en un nouveau.',
    },
  },
  PROOF_INVALID: {
    status: 400,
    errno: 500,
    report: false,
    text: {
      zh: '安全验证未通过，请您再试一次',
      en: 'The security check did not pass. Please try again.',
      ja: '安全確認ができませんでした。もう一度お試しください。',
      es: 'La verificación de seguridad no se completó. Inténtelo de nuevo.',
      fr: 'La vérification de sécurité a échoué. Veuillez réessayer.',
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
  FORBIDDEN_ORIGIN: {
    status: 403,
    errno: 500,
    report: false,
    text: {
      zh: '请求来源不被允许',
      en: 'This request came from another site.',
      ja: '別のサイトからの要求は許可されていません。',
      es: 'La petición viene de otro sitio.',
      fr: 'Cette requête vient d’un autre site.',
    },
  },
  NOT_FOUND: {
    status: 404,
    errno: 500,
    report: false,
    text: {
      zh: '页面不存在',
      en: 'There is nothing at this address.',
      ja: 'このアドレスには何もありません。',
      es: 'No hay nada en esta dirección.',
      fr: 'Il n’y a rien à cette adresse.',
    },
  },
  RATE_LIMITED: {
    status: 429,
    errno: 500,
    report: false,
    text: {
      zh: '请求过于频繁,请稍后再试',
      en: 'Too many requests. Please try again later.',
      ja: 'リクエストが多すぎます。しばらくしてからお試しください。',
      es: 'Demasiadas peticiones. Inténtelo más tarde.',
      fr: 'Trop de requêtes. Veuillez réessayer plus tard.',
    },
  },
  OVERLOADED: {
    status: 503,
    errno: 500,
    report: true,
    text: {
      zh: '系统繁忙,请稍后再试',
      en: 'The service is busy. Please try again later.',
      ja: '混み合っています。しばらくしてからお試しください。',
      es: 'El servicio está ocupado. Inténtelo más tarde.',
      fr: 'Le service est très demandé. Veuillez réessayer plus tard.',
    },
  },
  INTERNAL: {
    status: 500,
    errno: 500,
    report: true,
    text: {
      zh: '其他错误',
      en: 'Something went wrong on our side.',
      ja: 'こちらで問題が起きました。',
      es: 'Se produjo un error por nuestra parte.',
      fr: 'Une erreur s’est produite de notre côté.',
    },
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** What an error may add to its row. */
export interface ErrorInfo {
  /** Public words behind the row's text, in the form "expected X for Y but received Z". Never a path, a secret or a stack. */
  readonly detail?: string;
  /** The name of the field at fault. */
  readonly field?: string;
  /** Seconds after which another try makes sense. */
  readonly retryAfter?: number;
  /** What caused it, for the log only. */
  readonly cause?: unknown;
}

/** The only error that routes and nouns throw; everything else is answered as INTERNAL. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly info: ErrorInfo;

  constructor(code: ErrorCode, info: ErrorInfo = {}) {
    super(info.detail ? `${code}: ${info.detail}` : code, { cause: info.cause });
    this.name = 'AppError';
    this.code = code;
    this.info = info;
  }
}
