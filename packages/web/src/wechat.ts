import type { ClaimView } from '@hili/contract';

/** What WeChat's own browser gives to a page. */
interface Bridge {
  invoke(name: string, said: object, answer: (answer: { readonly err_msg?: string }) => void): void;
}

/** Milliseconds after which a bridge that has not come does not come. */
const BRIDGE_MS = 5_000;

/** Whether the page is open in WeChat. */
export const isInWechat = (): boolean => /MicroMessenger\//.test(navigator.userAgent);

async function bridge(): Promise<Bridge | undefined> {
  const found = () => (globalThis as { WeixinJSBridge?: Bridge }).WeixinJSBridge;
  if (found() || !isInWechat()) return found();
  await new Promise<void>((resolve) => {
    document.addEventListener('WeixinJSBridgeReady', () => resolve(), { once: true });
    setTimeout(resolve, BRIDGE_MS);
  });
  return found();
}

/**
 * Has WeChat ask whoever is paid to accept the money. That they have is known only from WeChat itself, by our server.
 * @returns what they did; `outdated` where this WeChat cannot ask.
 */
export async function acceptInWechat({
  mchId,
  appId,
  package: info,
}: NonNullable<ClaimView['accept']>): Promise<'accepted' | 'left' | 'outdated'> {
  const wechat = await bridge();
  if (!wechat) return 'outdated';
  return new Promise((resolve) => {
    wechat.invoke('requestMerchantTransfer', { mchId, appId, package: info }, ({ err_msg: said = '' }) => {
      if (said.endsWith(':ok')) resolve('accepted');
      else resolve(said.endsWith(':cancel') ? 'left' : 'outdated');
    });
  });
}
