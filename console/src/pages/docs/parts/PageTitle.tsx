import { Title } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigationType } from "react-router";

/** The page's heading. Who came by a link within the pages begins to read here. */
export function PageTitle({ children }: { children: string }) {
  const { t } = useTranslation("docs");
  const { pathname } = useLocation();
  const cameByLink = useNavigationType() === "PUSH";
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · ${t("title")}`;
  }, [children, t]);
  useEffect(() => {
    if (cameByLink) heading.current?.focus({ preventScroll: true });
  }, [cameByLink, pathname]);
  return (
    <Title order={1} size="h2" ref={heading} tabIndex={-1} style={{ outline: "none" }}>
      {children}
    </Title>
  );
}
