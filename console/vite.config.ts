import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const SERVER = "http://127.0.0.1:9380";

export default defineConfig({
  base: "/console/",
  plugins: [react()],
  build: {
    target: "es2022",
    outDir: "../src/diglot/http/pages/built",
    emptyOutDir: true,
    // Files are small and named by their content: one request more costs less than a page that repeats them.
    assetsInlineLimit: 0,
    rollupOptions: { input: { index: "index.html", docs: "docs.html" } },
  },
  server: { proxy: { "/diglot": SERVER, "/v1": SERVER, "/api": SERVER, "/openapi": SERVER, "/v0.24": SERVER } },
});
