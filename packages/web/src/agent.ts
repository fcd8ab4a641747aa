const BROWSERS = [
  ['WeChat', /MicroMessenger\//],
  ['Edge', /Edg(e|A|iOS)?\//],
  ['Opera', /OPR\//],
  ['Samsung Internet', /SamsungBrowser\//],
  ['Firefox', /(Firefox|FxiOS)\//],
  ['Chrome', /(Chrome|CriOS)\//],
  ['Safari', /Safari\//],
] as const;
const SYSTEMS = [
  ['iPad', /iPad/],
  ['iPhone', /iPhone/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['Mac', /Mac OS X|Macintosh/],
  ['Linux', /Linux|X11/],
] as const;

/** A browser in people's words, from what it calls itself. @example nameOfAgent(navigator.userAgent) === 'Firefox · Windows' */
export function nameOfAgent(agent: string): string {
  const [browser, system] = [BROWSERS, SYSTEMS].map((table) => table.find(([, mark]) => mark.test(agent))?.[0]);
  return [browser, system].filter(Boolean).join(' · ');
}
