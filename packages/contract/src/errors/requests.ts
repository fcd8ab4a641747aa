import type { ErrorRow } from './row.ts';

/** Of any request. */
export const REQUEST_ERRORS = {
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
