import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const style = `:root{--paper:#f4f2ec;--surface:#fff;--line:#dcd8cd;--edge:#7d867f;--ink:#1b2624;--soft:#465350;--jade:#0b5d53;--deep:#083f39;--wash:#dfeee9;--red:#ad331d;--redwash:#fae7e1;--focus:#c2410c}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;justify-content:center;gap:16px;padding:24px 16px;background:var(--paper);color:var(--ink);font:16px/1.6 'Segoe UI','PingFang SC','Hiragino Sans GB','Microsoft YaHei','Noto Sans CJK SC','Source Han Sans SC','Noto Sans SC Variable',sans-serif}
main{width:100%;max-width:440px;background:var(--surface);border:1px solid var(--line);border-radius:12px;padding:32px}
header{display:flex;gap:16px;align-items:center;margin-bottom:24px}
header p{margin:0;color:var(--soft);font-size:14px}
.mark{width:48px;height:48px;flex:none}
h1{margin:0;font-size:22px;line-height:1.3}
h2{margin:0 0 4px;font-size:16px}
label{display:block;margin:0 0 4px;font-weight:600;font-size:15px}
input{display:block;width:100%;height:44px;margin:0 0 16px;padding:0 12px;border:1px solid var(--edge);border-radius:6px;background:#fff;color:inherit;font:inherit}
button,.button{display:block;width:100%;min-height:44px;padding:8px 16px;border:0;border-radius:6px;background:var(--jade);color:#fff;font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
button:hover,.button:hover{background:var(--deep)}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.problem{margin:0 0 16px;padding:10px 12px;border-radius:6px;background:var(--redwash);color:var(--red)}
section{margin-top:28px;padding-top:20px;border-top:1px solid var(--line)}
section p{margin:0 0 12px;color:var(--soft);font-size:14px}
ul{list-style:none;margin:0;padding:0}
li a{display:flex;flex-wrap:wrap;gap:2px 12px;align-items:baseline;min-height:40px;padding:7px 10px;border-radius:6px;color:inherit;text-decoration:none}
li a:hover,li a[aria-current]{background:var(--wash)}
li span{flex:1 1 auto;color:var(--jade);text-decoration:underline;text-underline-offset:3px}
code{font:13px ui-monospace,'SF Mono',Consolas,'Liberation Mono',monospace;color:var(--soft)}
footer a{color:var(--jade)}
@media (max-width:480px){main{padding:24px 18px}}
`;

export type Asset = { type: string; body: Buffer };

/**
 * The pages' stylesheet, with the bundled Noto Sans SC (OFL-1.1) cut into ranges: a browser without a Chinese font fetches the few
 * pieces the page needs. The fonts lie in the npm package and are served from there. `system-ui` may not stand before the bundled font:
 * Chromium on Linux then shows boxes for words whose piece came late.
 */
export function pageAssets(): (path: string) => Asset | null {
  const folder = dirname(createRequire(import.meta.url).resolve('@fontsource-variable/noto-sans-sc/package.json'));
  const faces = readFileSync(join(folder, 'index.css'), 'utf8');
  const fonts = new Set([...faces.matchAll(/url\(\.\/files\/([\w.-]+\.woff2)\)/g)].map(([, name]) => name));
  const css = Buffer.from(faces.replaceAll('url(./files/', 'url(/oidc/font/') + style);
  return (path) => {
    if (path === '/page.css') return { type: 'text/css; charset=utf-8', body: css };
    const name = path.startsWith('/font/') ? path.slice('/font/'.length) : '';
    return fonts.has(name) ? { type: 'font/woff2', body: readFileSync(join(folder, 'files', name)) } : null;
  };
}
