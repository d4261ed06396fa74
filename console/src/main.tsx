import "@mantine/core/styles.css";
import "@mantine/dropzone/styles.css";
import "@mantine/notifications/styles.css";

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { queries } from "./app/queries";
import { Routing } from "./app/Routing";
import { startI18n } from "./i18n";
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
        <Notifications />
        <QueryClientProvider client={queries}>
          <Routing />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
