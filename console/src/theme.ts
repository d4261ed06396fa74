import { createTheme, type CSSVariablesResolver } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "cyan",
  // White reads well on it, in both schemes.
  primaryShade: 9,
  autoContrast: true,
  defaultRadius: "md",
  fontFamily:
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif",
});

/** Small and pale text can be read still: a contrast of 4.5 at least. */
export const variables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "var(--mantine-color-gray-7)",
    "--mantine-color-placeholder": "#6c747b",
    ...Object.fromEntries(Object.keys(colors).map((name) => [`--mantine-color-${name}-light-color`, darker(name)])),
  },
  dark: { "--mantine-color-dimmed": "var(--mantine-color-dark-1)", "--mantine-color-placeholder": "#949494" },
});

function darker(name: string): string {
  return `color-mix(in srgb, var(--mantine-color-${name}-9) 70%, black)`;
}

/** The nonce that the page came with: without it the browser refuses the style sheets that are made at run time. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
}

// The sheet that holds the page still under a dialog is made by a package that asks for the nonce under this name.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() });
