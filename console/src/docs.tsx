import "@mantine/core/styles.css";

import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { queries } from "./app/queries";
import { startI18n } from "./i18n";
import { DocsRouting } from "./pages/docs/DocsRouting";
import { styleNonce, theme, variables } from "./theme";

await startI18n();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        defaultColorScheme="auto"
        getStyleNonce={styleNonce}
      >
        <QueryClientProvider client={queries}>
          <DocsRouting />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
