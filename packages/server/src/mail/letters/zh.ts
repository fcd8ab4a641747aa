import type { Letters } from './en.ts';

export const zh: Letters = {
  code: {
    subject: '您的登录验证码',
    body: [
      '您好！您正在登录 Hili PhotoEnhance。您的验证码是：',
      '{code}',
      '请在 {minutes} 分钟内在页面上输入。',
      '如果这不是您本人的操作，请忽略此邮件。请勿将验证码告诉任何人。',
    ],
  },
  reset: {
    subject: '设置新密码',
    body: [
      '您好！您可以通过下面的链接设置新密码：',
      '{link}',
      '链接在 {minutes} 分钟内有效，只能使用一次。',
      '如果这不是您本人的操作，请忽略此邮件，您的密码不会改变。',
    ],
  },
  'no-account': {
    subject: '此邮箱没有账号',
    body: [
      '您好！有人想为此邮箱重设密码，但此邮箱还没有账号。',
      '如果是您本人，您可能用了另一个邮箱注册。您也可以在这里用此邮箱登录，我们会为您建立账号：',
      '{link}',
      '如果不是您本人，请忽略此邮件。',
    ],
  },
  'email-code': {
    subject: '确认您的新邮箱',
    body: [
      '您好！您想将此邮箱用于您的 Hili PhotoEnhance 账号。您的验证码是：',
      '{code}',
      '请在 {minutes} 分钟内在页面上输入。',
      '如果这不是您本人的操作，请忽略此邮件。',
    ],
  },
  'email-taken': {
    subject: '此邮箱已有账号',
    body: [
      '您好！有人想将此邮箱用于另一个账号，但此邮箱已有账号，因此没有任何改变。',
      '如果是您本人，您可以直接用此邮箱登录：',
      '{link}',
      '如果不是您本人，请忽略此邮件。',
    ],
  },
  'email-changed': {
    subject: '您的邮箱已更改',
    body: [
      '您好！您的 Hili PhotoEnhance 账号已改用另一个邮箱。今后的邮件将发送到新邮箱。',
      '如果这不是您本人的操作，请您尽快联系我们：',
      '{link}',
    ],
  },
  'password-changed': {
    subject: '您的密码已更改',
    body: [
      '您好！您的 Hili PhotoEnhance 密码刚刚更改，其他设备已退出登录。',
      '如果这不是您本人的操作，请您立即在这里设置新密码：',
      '{link}',
    ],
  },
  'photo-ready': {
    subject: '您的照片已修复完成',
    body: [
      '您好！您的照片“{name}”已修复完成。您可以在这里查看和下载：',
      '{link}',
      '照片保留到 {until}，之后将自动删除。请您及时下载。',
      '如果您不想再收到此类邮件，可以在用户中心关闭。',
    ],
  },
  'account-deleted': {
    subject: '您的账号已注销',
    body: [
      '您好！您的 Hili PhotoEnhance 账号已注销，所有照片也已删除。我们也不再保存您的邮箱。',
      '感谢您的信任。您随时可以重新注册：',
      '{link}',
    ],
  },
  fapiao: {
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
  'fapiao-issued': {
    subject: '您的发票已开具',
    body: ['您好！订单 {number} 的发票已开具。发票号码是：', '{note}', '如有疑问，请与我们联系：', '{link}'],
  },
  'fapiao-refused': {
    subject: '您的发票申请未能办理',
    body: ['您好！很抱歉，订单 {number} 的发票未能开具。原因是：', '{note}', '如有疑问，请与我们联系：', '{link}'],
  },
  refunded: {
    subject: '您的退款已办好',
    body: [
      '您好！订单 {number} 的 {sum} 已为您退款。',
      '款项按原付款方式退回：{way}。到账可能还需要几天。',
      '在这里查看订单：',
      '{link}',
      '如果没有收到，请与我们联系。',
    ],
  },
  complaint: {
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
  'complaint-answered': {
    subject: '关于您的照片的回复',
    body: [
      '您好！您告诉我们对一张照片的结果不满意。我们的回复是：',
      '{answer}',
      '如果您还有问题，请在这里联系我们：',
      '{link}',
    ],
  },
  'credits-expiring': {
    subject: '您的剩余次数即将到期',
    body: [
      '您好！您的账号中还有 {credits} 张未使用，{until}到期。',
      '请您在此之前使用：',
      '{link}',
      '到期后未用的次数会失效。如有疑问，请随时联系我们。',
    ],
  },
};
