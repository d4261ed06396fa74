import { Center, Loader } from "@mantine/core";
import { lazy, Suspense } from "react";
import { createBrowserRouter, Navigate, Outlet } from "react-router";
import { RouterProvider } from "react-router/dom";

import { OwnersOnly } from "./OwnersOnly";
import { SessionGate } from "./SessionGate";
import { Shell } from "./Shell";

/** Each page is a file of its own that is fetched when it is first gone to. */
const LoginPage = lazy(() => import("../pages/start/LoginPage"));
const SetupPage = lazy(() => import("../pages/start/SetupPage"));
const AccountPage = lazy(() => import("../pages/start/AccountPage"));
const WelcomePage = lazy(() => import("../pages/start/WelcomePage"));
const DatasetsPage = lazy(() => import("../pages/datasets/DatasetsPage"));
const DatasetPage = lazy(() => import("../pages/datasets/DatasetPage"));
const DocumentsTab = lazy(() => import("../pages/documents/DocumentsTab"));
const UploadPage = lazy(() => import("../pages/documents/UploadPage"));
const DocumentPage = lazy(() => import("../pages/viewer/DocumentPage"));
const LabTab = lazy(() => import("../pages/lab/LabTab"));
const SettingsTab = lazy(() => import("../pages/datasets/SettingsTab"));
const JobsPage = lazy(() => import("../pages/admin/JobsPage"));
const ModelsPage = lazy(() => import("../pages/admin/ModelsPage"));
const KeysPage = lazy(() => import("../pages/admin/KeysPage"));
const MembersPage = lazy(() => import("../pages/admin/MembersPage"));
const LogsPage = lazy(() => import("../pages/admin/LogsPage"));
const SystemPage = lazy(() => import("../pages/admin/SystemPage"));

function Waiting() {
  return (
    <Suspense
      fallback={
        <Center h="40vh">
          <Loader />
        </Center>
      }
    >
      <Outlet />
    </Suspense>
  );
}

const router = createBrowserRouter(
  [
    {
      element: <Waiting />,
      children: [
        { path: "/login", element: <LoginPage /> },
        { path: "/setup", element: <SetupPage /> },
        {
          element: <SessionGate />,
          children: [
            {
              element: <Shell />,
              children: [
                { path: "/", element: <Navigate to="/datasets" replace /> },
                { path: "/welcome", element: <WelcomePage /> },
                { path: "/account", element: <AccountPage /> },
                { path: "/datasets", element: <DatasetsPage /> },
                {
                  path: "/datasets/:datasetId",
                  element: <DatasetPage />,
                  children: [
                    { index: true, element: <DocumentsTab /> },
                    { path: "lab", element: <LabTab /> },
                    { path: "settings", element: <SettingsTab /> },
                  ],
                },
                { path: "/datasets/:datasetId/upload", element: <UploadPage /> },
                { path: "/datasets/:datasetId/documents/:documentId", element: <DocumentPage /> },
                { path: "/jobs", element: <JobsPage /> },
                {
                  element: <OwnersOnly />,
                  children: [
                    { path: "/models", element: <ModelsPage /> },
                    { path: "/keys", element: <KeysPage /> },
                    { path: "/members", element: <MembersPage /> },
                    { path: "/logs", element: <LogsPage /> },
                    { path: "/system", element: <SystemPage /> },
                  ],
                },
                { path: "*", element: <Navigate to="/datasets" replace /> },
              ],
            },
          ],
        },
      ],
    },
  ],
  { basename: "/console" },
);

export function Routing() {
  return <RouterProvider router={router} />;
}
