import type { Letters } from './en.ts';

export const es: Letters = {
  code: {
    subject: 'Su código para iniciar sesión',
    body: [
      'Hola. Este es su código para Hili PhotoEnhance:',
      '{code}',
      'Escríbalo en la página. Vale {minutes} minutos.',
      'Si no lo ha pedido, no tiene que hacer nada. No dé este código a nadie.',
    ],
  },
  reset: {
    subject: 'Elegir una contraseña nueva',
    body: [
      'Hola. Con este enlace puede elegir una contraseña nueva:',
      '{link}',
      'Sirve una sola vez, durante {minutes} minutos.',
      'Si no lo ha pedido, no tiene que hacer nada. Su contraseña no cambia.',
    ],
  },
  'no-account': {
    subject: 'No hay ninguna cuenta con este correo',
    body: [
      'Hola. Alguien ha pedido una contraseña nueva para este correo, pero no tiene cuenta.',
      'Si ha sido usted, quizá se registró con otro correo. También puede iniciar sesión aquí con este, y se creará una cuenta:',
      '{link}',
      'Si no ha sido usted, no tiene que hacer nada.',
    ],
  },
  'email-code': {
    subject: 'Confirme su correo nuevo',
    body: [
      'Hola. Ha pedido usar este correo en su cuenta de Hili PhotoEnhance. Este es su código:',
      '{code}',
      'Escríbalo en la página. Vale {minutes} minutos.',
      'Si no lo ha pedido, no tiene que hacer nada.',
    ],
  },
  'email-taken': {
    subject: 'Este correo ya tiene una cuenta',
    body: [
      'Hola. Alguien ha pedido usar este correo en otra cuenta. Como ya tiene una, no se ha cambiado nada.',
      'Si ha sido usted, inicie sesión con este correo:',
      '{link}',
      'Si no ha sido usted, no tiene que hacer nada.',
    ],
  },
  'email-changed': {
    subject: 'Su correo ha cambiado',
    body: [
      'Hola. Su cuenta de Hili PhotoEnhance tiene ahora otro correo. Los próximos mensajes irán allí.',
      'Si no ha sido usted, escríbanos cuanto antes:',
      '{link}',
    ],
  },
  'password-changed': {
    subject: 'Su contraseña ha cambiado',
    body: [
      'Hola. Su contraseña de Hili PhotoEnhance acaba de cambiar. Se ha cerrado la sesión en sus otros dispositivos.',
      'Si no ha sido usted, elija enseguida una contraseña nueva aquí:',
      '{link}',
    ],
  },
  'photo-ready': {
    subject: 'Su foto está lista',
    body: [
      'Hola. Su foto «{name}» está restaurada. Puede verla y descargarla aquí:',
      '{link}',
      'Se guarda hasta el {until}. Después se borra: descárguela a tiempo.',
      'Si no quiere más mensajes de este tipo, desactívelos en su cuenta.',
    ],
  },
  'account-deleted': {
    subject: 'Su cuenta se ha eliminado',
    body: [
      'Hola. Su cuenta de Hili PhotoEnhance y todas sus fotos se han eliminado. Tampoco conservamos su correo.',
      'Gracias por su confianza. Puede volver a registrarse cuando quiera:',
      '{link}',
    ],
  },
  fapiao: {
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
  'fapiao-issued': {
    subject: 'Su fapiao está emitido',
    body: [
      'Hola. El fapiao de su pedido {number} está emitido. Su número es:',
      '{note}',
      'Si algo no es correcto, escríbanos:',
      '{link}',
    ],
  },
  'fapiao-refused': {
    subject: 'No hemos podido emitir su fapiao',
    body: [
      'Hola. Lo sentimos: no se ha podido emitir el fapiao de su pedido {number}. El motivo es:',
      '{note}',
      'Si algo no está claro, escríbanos:',
      '{link}',
    ],
  },
  refunded: {
    subject: 'Su reembolso está hecho',
    body: [
      'Hola. Le hemos reembolsado {sum} de su pedido {number}.',
      'El dinero vuelve por la misma vía por la que pagó: {way}. Puede tardar unos días en llegar.',
      'Aquí puede ver el pedido:',
      '{link}',
      'Si no le llega, escríbanos.',
    ],
  },
  complaint: {
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
  'complaint-answered': {
    subject: 'Nuestra respuesta sobre su foto',
    body: [
      'Hola. Nos dijo que el resultado de una foto no le convencía. Esta es nuestra respuesta:',
      '{answer}',
      'Si le queda alguna duda, escríbanos:',
      '{link}',
    ],
  },
  'credits-expiring': {
    subject: 'Sus fotos caducan pronto',
    body: [
      'Hola. Fotos que aún no ha usado: {credits}. Valen hasta el {until}.',
      'Úselas antes aquí:',
      '{link}',
      'Después ya no se podrán usar. Si es un problema, escríbanos.',
    ],
  },
};
