/** The style of the few pages that LTI itself shows: they come before the client and must not wait for its build. */
export const pageStyle = `
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; font: 1.05rem/1.6 system-ui, sans-serif; color: #1b1f24; background: #fff; }
main { max-width: 40rem; margin: 0 auto; padding: 1.5rem 1.25rem 2.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; line-height: 1.3; margin: 0 0 0.75rem; }
p, fieldset, ul { margin: 0 0 1rem; }
fieldset { border: 1px solid #6b7683; border-radius: 0.4rem; padding: 0.75rem 1rem; }
label { display: block; padding: 0.35rem 0; }
.hint { color: #4a5560; font-size: 0.95rem; margin: 0 0 0.25rem 1.7rem; }
fieldset .hint ~ label:has([name='place']) { margin-top: 1rem; }
input[type='text'], input[type='number'] { display: block; width: 100%; max-width: 24rem; font: inherit; padding: 0.45rem 0.6rem; border: 1px solid #6b7683; border-radius: 0.3rem; background: inherit; color: inherit; }
button, .button { display: inline-block; font: inherit; font-weight: 600; padding: 0.6rem 1.1rem; border: 2px solid #14507a; border-radius: 0.4rem; background: #14507a; color: #fff; text-decoration: none; cursor: pointer; }
button:focus-visible, .button:focus-visible, input:focus-visible { outline: 3px solid #b35c00; outline-offset: 2px; }
code { background: #eef1f4; border-radius: 0.25rem; padding: 0.1rem 0.35rem; }
[hidden] { display: none; }
@media (prefers-color-scheme: dark) {
  body { color: #e8ebee; background: #16191d; }
  .hint { color: #b6bfc8; }
  code { background: #2a3037; }
  button, .button { background: #8cc4ee; border-color: #8cc4ee; color: #10161c; }
}
`;
