import type { ErrorRow } from './row.ts';

/** Of signing in, and of who may do what. */
export const ACCOUNT_ERRORS = {
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
} as const satisfies Record<string, ErrorRow>;
