import type { ErrorRow } from './row.ts';

/** Of photos, their uploads and their jobs. */
export const PHOTO_ERRORS = {
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
} as const satisfies Record<string, ErrorRow>;
