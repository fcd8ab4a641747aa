import type { Language, Text } from '@hili/contract';
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { AppEnv } from '../deps.ts';
import { readRaw } from '../raw-body.ts';
import { requestLanguage } from '../request-language.ts';
import { refuseOtherSites } from '../same-site.ts';
import { BANNER } from './demo-words.ts';

/** Forms of these pages lead to themselves, and nothing runs in them. */
const POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const FORM_BYTES = 2_000;

export const STYLE = `
:root { color-scheme: light dark; font: 18px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; }
body { max-width: 26rem; margin: 0 auto; padding: 1rem; text-align: center; }
p.banner { background: #8a5a00; color: #fff; padding: .5rem; border-radius: .5rem; }
strong { display: block; font-size: 2.2rem; }
button { font: inherit; width: 100%; min-height: 44px; margin: .3rem 0; padding: .5rem; border-radius: .5rem; border: 1px solid currentColor; cursor: pointer; }
a { display: inline-block; padding: .6rem; color: inherit; }
button[value=pay] { background: #07c160; color: #06210f; font-weight: 600; }
`;

type Html = ReturnType<typeof html>;

/**
 * Answers with a page that stands for WeChat's own.
 * @param found whether there is what it was asked about; 404 else.
 * @param body what stands below the title and the banner.
 */
export function demoPage(c: Context<AppEnv>, title: Text, found: boolean, body: (language: Language) => Html) {
  const language = requestLanguage(c, 'zh');
  c.header('content-security-policy', POLICY);
  c.header('cache-control', 'no-store');
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title[language]}</title>
<link rel="stylesheet" href="/demo/wechat.css">
</head>
<body>
<main>
<h1>${title[language]}</h1>
<p class="banner">${BANNER[language]}</p>
${body(language)}
</main>
</body>
</html>`;
  return c.html(page, found ? 200 : 404);
}

/** The fields of a form on such a page. @throws AppError when it comes from another site, or is too long. */
export async function demoForm(c: Context<AppEnv>): Promise<URLSearchParams> {
  refuseOtherSites(c.req.raw);
  return new URLSearchParams((await readRaw(c, FORM_BYTES)).toString());
}
