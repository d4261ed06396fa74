import { createTheme, defaultVariantColorsResolver, type VariantColorsResolver } from "@mantine/core";

/** Text on the primary colour follows the scheme too: the colour is dark in light and bright in dark. */
const readable: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const isPrimary = input.color === undefined || input.color === input.theme.primaryColor;
  return isPrimary && input.variant === "filled"
    ? { ...colors, color: "var(--mantine-primary-color-contrast)" }
    : colors;
};

export const theme = createTheme({
  primaryColor: "cyan",
  primaryShade: { light: 9, dark: 5 },
  autoContrast: true,
  variantColorResolver: readable,
  defaultRadius: "md",
  fontFamily:
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif",
});

/** The nonce that the page came with: without it the browser refuses the style sheets that are made at run time. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
}

// The sheet that holds the page still under a dialog is made by a package that asks for the nonce under this name.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() });
