/** The launcher's style, inside a shadow root: the page's own styles neither reach it nor are reached. */
export const LAUNCHER_STYLE = `
:host { all: initial; }
[hidden] { display: none !important; }
button {
  position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000;
  width: 56px; height: 56px; padding: 0; border: 0; border-radius: 50%;
  background: #0f6b63; color: #fff; cursor: pointer; box-shadow: 0 4px 16px rgb(0 0 0 / 28%);
}
button:hover { background: #0a5750; }
button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #0f6b63; }
svg {
  width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round; vertical-align: middle;
}
:host([data-open]) .chat, :host(:not([data-open])) .down { display: none; }
.badge {
  position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-width: 22px; height: 22px; padding: 0 5px;
  box-sizing: border-box; border-radius: 11px; background: #b42318; color: #fff;
  font: 700 12px/22px system-ui, sans-serif; text-align: center;
}
iframe {
  position: fixed; inset-block-end: 88px; inset-inline-end: 20px; z-index: 2147483000;
  width: 384px; max-width: calc(100vw - 40px); height: min(640px, calc(100vh - 108px)); border: 0; border-radius: 16px;
  box-shadow: 0 12px 40px rgb(0 0 0 / 26%); background: Canvas; color-scheme: light dark;
}
iframe[data-theme=light] { color-scheme: light; }
iframe[data-theme=dark] { color-scheme: dark; }
@media (max-width: 480px) {
  iframe { inset: 0; width: 100%; max-width: none; height: 100%; border-radius: 0; }
  :host([data-open]) button { display: none; }
}
@media print { :host { display: none; } }
`;
