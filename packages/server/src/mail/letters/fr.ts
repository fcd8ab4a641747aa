import type { Letters } from './en.ts';

export const fr: Letters = {
  code: {
    subject: 'Votre code de connexion',
    body: [
      'Bonjour. Voici votre code pour Hili PhotoEnhance :',
      '{code}',
      'Saisissez-le sur la page. Il est valable {minutes} minutes.',
      'Si vous ne l’avez pas demandé, ne faites rien. Ne donnez ce code à personne.',
    ],
  },
  reset: {
    subject: 'Choisir un nouveau mot de passe',
    body: [
      'Bonjour. Ce lien vous permet de choisir un nouveau mot de passe :',
      '{link}',
      'Il sert une seule fois, pendant {minutes} minutes.',
      'Si vous ne l’avez pas demandé, ne faites rien. Votre mot de passe ne change pas.',
    ],
  },
  'no-account': {
    subject: 'Aucun compte pour cette adresse',
    body: [
      'Bonjour. Quelqu’un a demandé un nouveau mot de passe pour cette adresse, mais aucun compte n’existe.',
      'Si c’est vous, votre compte est peut-être à une autre adresse. Vous pouvez aussi vous connecter ici avec celle-ci, un compte sera créé :',
      '{link}',
      'Si ce n’est pas vous, ne faites rien.',
    ],
  },
  'email-code': {
    subject: 'Confirmez votre nouvelle adresse',
    body: [
      'Bonjour. Vous souhaitez utiliser cette adresse pour votre compte Hili PhotoEnhance. Voici votre code :',
      '{code}',
      'Saisissez-le sur la page. Il est valable {minutes} minutes.',
      'Si vous ne l’avez pas demandé, ne faites rien.',
    ],
  },
  'email-taken': {
    subject: 'Cette adresse a déjà un compte',
    body: [
      'Bonjour. Quelqu’un a demandé à utiliser cette adresse pour un autre compte. Elle en a déjà un, rien n’a donc été changé.',
      'Si c’est vous, connectez-vous simplement avec cette adresse :',
      '{link}',
      'Si ce n’est pas vous, ne faites rien.',
    ],
  },
  'email-changed': {
    subject: 'Votre adresse a été changée',
    body: [
      'Bonjour. Votre compte Hili PhotoEnhance a maintenant une autre adresse. Nos prochains e-mails y seront envoyés.',
      'Si ce n’est pas vous, écrivez-nous vite :',
      '{link}',
    ],
  },
  'password-changed': {
    subject: 'Votre mot de passe a été changé',
    body: [
      'Bonjour. Votre mot de passe Hili PhotoEnhance vient d’être changé. Vos autres appareils sont déconnectés.',
      'Si ce n’est pas vous, choisissez tout de suite un nouveau mot de passe ici :',
      '{link}',
    ],
  },
  'photo-ready': {
    subject: 'Votre photo est prête',
    body: [
      'Bonjour. Votre photo « {name} » est restaurée. Vous pouvez la voir et la télécharger ici :',
      '{link}',
      'Elle est conservée jusqu’au {until}. Ensuite elle est supprimée : téléchargez-la à temps.',
      'Pour ne plus recevoir ces e-mails, désactivez-les dans votre compte.',
    ],
  },
  'account-deleted': {
    subject: 'Votre compte est supprimé',
    body: [
      'Bonjour. Votre compte Hili PhotoEnhance et toutes ses photos sont supprimés. Nous ne gardons pas non plus votre adresse.',
      'Merci de votre confiance. Vous pouvez vous réinscrire quand vous voulez :',
      '{link}',
    ],
  },
  fapiao: {
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
  'fapiao-issued': {
    subject: 'Votre fapiao est établi',
    body: [
      'Bonjour. Le fapiao de votre commande {number} est établi. Son numéro est :',
      '{note}',
      'Si quelque chose ne va pas, écrivez-nous :',
      '{link}',
    ],
  },
  'fapiao-refused': {
    subject: 'Nous n’avons pas pu établir votre fapiao',
    body: [
      'Bonjour. Nous sommes désolés : le fapiao de votre commande {number} n’a pas pu être établi. La raison :',
      '{note}',
      'Si quelque chose n’est pas clair, écrivez-nous :',
      '{link}',
    ],
  },
  refunded: {
    subject: 'Votre remboursement est fait',
    body: [
      'Bonjour. Nous vous avons remboursé {sum} sur votre commande {number}.',
      'L’argent revient par le moyen de paiement que vous avez utilisé : {way}. Il peut mettre quelques jours à arriver.',
      'Voici votre commande :',
      '{link}',
      'S’il n’arrive pas, écrivez-nous.',
    ],
  },
  complaint: {
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
  'complaint-answered': {
    subject: 'Notre réponse au sujet de votre photo',
    body: [
      'Bonjour. Vous nous avez dit que le résultat d’une photo ne vous convenait pas. Voici notre réponse :',
      '{answer}',
      'S’il reste une question, écrivez-nous :',
      '{link}',
    ],
  },
  'credits-expiring': {
    subject: 'Vos photos expirent bientôt',
    body: [
      'Bonjour. Photos que vous n’avez pas encore utilisées : {credits}. Elles sont valables jusqu’au {until}.',
      'Utilisez-les d’ici là :',
      '{link}',
      'Ensuite, elles ne seront plus utilisables. Si cela vous pose un problème, écrivez-nous.',
    ],
  },
};
