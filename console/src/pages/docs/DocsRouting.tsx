import { lazy, Suspense } from "react";
import { createBrowserRouter, Navigate, Outlet, ScrollRestoration } from "react-router";
import { RouterProvider } from "react-router/dom";

import ApiPage from "./api/ApiPage";
import { HomePage } from "./HomePage";
import { ConnectionProvider } from "./tryit/Connection";

/** What reads Markdown is fetched with the first guide. */
const GuidePage = lazy(() => import("./guides/GuidePage"));

function Frame() {
  return (
    <ConnectionProvider>
      <ScrollRestoration getKey={({ pathname }) => pathname} />
      <Suspense>
        <Outlet />
      </Suspense>
    </ConnectionProvider>
  );
}

const router = createBrowserRouter(
  [
    {
      element: <Frame />,
      children: [
        { path: "/", element: <HomePage /> },
        { path: "/guides", element: <Navigate to="/guides/quick-start" replace /> },
        { path: "/guides/:guide", element: <GuidePage /> },
        { path: "/:api", element: <ApiPage /> },
        { path: "/:api/:operationId", element: <ApiPage /> },
        { path: "*", element: <ApiPage /> },
      ],
    },
  ],
  { basename: "/docs" },
);

export function DocsRouting() {
  return <RouterProvider router={router} />;
}
