import type { Fault, Text } from '@hili/contract';

/** What is wrong with a result, in words for the operator. */
export const FAULT_WORDS: Readonly<Record<Fault, Text>> = {
  damage: {
    zh: '划痕或破损还在',
    en: 'scratches or damage are left',
    ja: '傷や破れが残っている',
    es: 'quedan arañazos o daños',
    fr: 'il reste des rayures ou des dégâts',
  },
  blurred: { zh: '仍然模糊', en: 'still blurred', ja: 'まだぼやけている', es: 'sigue borrosa', fr: 'encore floue' },
  faces: {
    zh: '人脸不像本人',
    en: 'a face does not look right',
    ja: '顔が違って見える',
    es: 'una cara no se ve bien',
    fr: 'un visage n’est pas ressemblant',
  },
  colours: {
    zh: '颜色不对',
    en: 'the colours are wrong',
    ja: '色がおかしい',
    es: 'los colores no son correctos',
    fr: 'les couleurs sont fausses',
  },
  background: {
    zh: '背景不对',
    en: 'the background is wrong',
    ja: '背景がおかしい',
    es: 'el fondo no es correcto',
    fr: 'le fond ne convient pas',
  },
  other: { zh: '其他', en: 'something else', ja: 'その他', es: 'otra cosa', fr: 'autre chose' },
};

/** Whether the operator may look at the pictures. */
export const LOOK_WORDS: Readonly<Record<'yes' | 'no', Text>> = {
  yes: {
    zh: '允许查看照片，仅限保留期间',
    en: 'You may look at the pictures for as long as they are kept.',
    ja: '写真が保存されている間は、ご覧になれます。',
    es: 'Puede ver las imágenes mientras se guardan.',
    fr: 'Vous pouvez voir les images tant qu’elles sont conservées.',
  },
  no: {
    zh: '不允许查看照片',
    en: 'You may not look at the pictures.',
    ja: '写真の閲覧は許可されていません。',
    es: 'No puede ver las imágenes.',
    fr: 'Vous ne pouvez pas voir les images.',
  },
};
