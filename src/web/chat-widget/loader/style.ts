/** The launcher's style, inside a shadow root: the page's own styles neither reach it nor are reached. */
export const LAUNCHER_STYLE = `
:host { all: initial; }
[hidden] { display: none !important; }
button {
  position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000;
  width: 56px; height: 56px; padding: 0; border: 0; border-radius: 50%;
  background: #15726b; cursor: pointer; box-shadow: 0 4px 16px rgb(0 0 0 / 28%);
}
button:hover { background: #0a635d; }
button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #15726b; }
svg { width: 26px; height: 26px; fill: none; stroke: #fff; stroke-width: 2; stroke-linejoin: round; vertical-align: middle; }
.badge {
  position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-width: 22px; height: 22px; padding: 0 4px;
  box-sizing: border-box; border-radius: 11px; background: #c92a2a; color: #fff;
  font: 700 12px/22px system-ui, sans-serif; text-align: center;
}
iframe {
  position: fixed; inset-block-end: 88px; inset-inline-end: 20px; z-index: 2147483000;
  width: 384px; height: min(620px, calc(100vh - 108px)); border: 0; border-radius: 14px;
  box-shadow: 0 10px 40px rgb(0 0 0 / 30%); background: Canvas; color-scheme: light dark;
}
@media (max-width: 480px) {
  iframe { inset: 0; width: 100%; height: 100%; border-radius: 0; }
  :host([data-open]) button { display: none; }
}
`;
