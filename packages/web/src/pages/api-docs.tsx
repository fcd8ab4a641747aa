import { chinese, english, samples } from 'virtual:partner-docs';
import { useSpeech } from '../language.ts';
import { Article } from '../parts/article.tsx';
import { useTitle } from '../use-title.ts';

/** The partner API's documentation, `docs/partner-api.md`: its Chinese part for readers of Chinese, the English one for all others. */
export function ApiDocsPage() {
  const { t, language } = useSpeech();
  useTitle(t('title.api'));
  const isChinese = language === 'zh';
  const isForeign = !isChinese && language !== 'en';
  return (
    <Article title={t('api.title')} lead={t('api.lead')}>
      {isForeign && <p className="mt-5 rounded-2xl bg-honey p-4">{t('api.note')}</p>}
      <Document lang={isChinese ? 'zh-CN' : 'en'} html={isChinese ? chinese : english} />
      <h2 className="mt-12 text-2xl">{t('api.samples')}</h2>
      <p className="mt-2">{t('api.samplesLead')}</p>
      <Document lang="en" html={samples} />
    </Article>
  );
}

function Document({ lang, html }: { readonly lang: string; readonly html: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: made by the build from our own document, with HTML switched off.
  return <div lang={lang} className="document" dangerouslySetInnerHTML={{ __html: html }} />;
}
