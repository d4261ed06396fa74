import "@mantine/core/styles.css";

import { MantineProvider } from "@mantine/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { DocsPage } from "./pages/docs/DocsPage";
import { startI18n } from "./i18n";
import { styleNonce, theme } from "./theme";

await startI18n();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
        <DocsPage />
      </MantineProvider>
    </StrictMode>,
  );
}
