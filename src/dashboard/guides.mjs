// Makes pages of the documents that somebody needs who connects a shop: dist/docs/connect/shopify.html of docs/connect/shopify.md.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { Marked } from 'marked';

const BESIDE = ['events.md', 'operations.md', 'rules.md', 'problems.md'];
const STYLE = `
:root { color-scheme: light dark; }
body { max-width: 760px; margin: 32px auto; padding: 0 16px; font: 16px/1.5 system-ui, sans-serif; }
pre { overflow-x: auto; padding: 12px; border: 1px solid #8886; border-radius: 6px; }
code { font-size: 14px; }
table { display: block; overflow-x: auto; border-collapse: collapse; }
th, td { padding: 4px 12px; border: 1px solid #8886; text-align: left; vertical-align: top; }
`;

const pageOf = (title, toRoot, body) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} – cartpulse</title><link rel="icon" href="data:,"><link rel="stylesheet" href="${toRoot}guides.css"></head>
<body><main>${body}</main></body>
</html>`;

/** As GitHub names them, so that links to parts of a document lead there. */
const anchorOf = (text) =>
  text
    .toLowerCase()
    .replace(/<[^>]*>|&[a-z#0-9]+;/g, '')
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/** @param from the folder of the documents; @param to the folder of the pages */
export function makeGuides(from, to) {
  const connect = readdirSync(join(from, 'connect')).filter((name) => name.endsWith('.md'));
  const all = [...BESIDE, ...connect.map((name) => `connect/${name}`)];
  for (const path of all) {
    const marked = new Marked({
      renderer: {
        heading({ tokens, depth }) {
          const text = this.parser.parseInline(tokens);
          return `<h${depth} id="${anchorOf(text)}">${text}</h${depth}>\n`;
        },
        link({ href, tokens }) {
          const text = this.parser.parseInline(tokens);
          if (/^(https?:|#)/.test(href)) return `<a href="${href}">${text}</a>`;
          const [file, part] = href.split('#');
          const isHere = all.includes(posix.join(posix.dirname(path), file));
          // What is not among the pages is in the repository.
          return isHere ? `<a href="${htmlOf(file)}${part === undefined ? '' : `#${part}`}">${text}</a>` : text;
        },
      },
    });
    const text = readFileSync(join(from, path), 'utf8');
    const target = join(to, htmlOf(path));
    mkdirSync(dirname(target), { recursive: true });
    const [, title = 'Guide'] = /^# (.+)$/m.exec(text) ?? [];
    writeFileSync(target, pageOf(title, path.includes('/') ? '../' : '', marked.parse(text)));
  }
  writeFileSync(join(to, 'guides.css'), STYLE);
}

const htmlOf = (path) => path.replace(/README\.md$/, 'index.html').replace(/\.md$/, '.html');
