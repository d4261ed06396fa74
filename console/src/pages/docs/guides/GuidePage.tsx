import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useParams } from "react-router";

import { Failure } from "../../../parts/Failure";
import classes from "../docs.module.css";
import { DocsShell } from "../DocsShell";
import { PageLinks } from "../parts/PageLinks";
import { PageTitle } from "../parts/PageTitle";
import { fetchGuide, GUIDES, isGuide, sourceOf, type GuideName } from "./guides";
import { Markdown } from "./Markdown";

export default function GuidePage() {
  const { t } = useTranslation("docs");
  const { guide } = useParams();
  return (
    <DocsShell sidebar={<GuideList />}>
      {isGuide(guide) ? <Guide name={guide} /> : <PageTitle>{t("missing.page")}</PageTitle>}
    </DocsShell>
  );
}

function Guide({ name }: { name: GuideName }) {
  const { t, i18n } = useTranslation("docs");
  const { language } = i18n;
  const queryKey = ["guide", name, language];
  const { data, error } = useQuery({ queryKey, queryFn: () => fetchGuide(name, language), staleTime: Infinity });
  useHash(data !== undefined);
  if (error) return <Failure error={error} />;
  if (data === undefined) return <Skeleton height={320} />;
  return (
    <Stack component="article" className={classes.guide} gap="sm">
      <PageTitle>{t(`guides.${name}.title`)}</PageTitle>
      <div>
        <Markdown text={withoutTitle(data)} />
      </div>
      <PageLinks title={t(`guides.${name}.title`)} source={sourceOf(name, language)} markdown={data} />
    </Stack>
  );
}

/** The page has its heading already; the file keeps one for those who read it elsewhere. */
const withoutTitle = (text: string) => text.replace(/^# .*\n/, "");

/** A browser looks for the place in an address before the text is there. */
function useHash(isThere: boolean) {
  const { hash } = useLocation();
  useEffect(() => {
    if (isThere && hash) document.getElementById(decodeURIComponent(hash.slice(1)))?.scrollIntoView();
  }, [isThere, hash]);
}

function GuideList() {
  const { t } = useTranslation("docs");
  const { guide } = useParams();
  return (
    <Stack component="nav" gap={2} aria-label={t("places.guides")}>
      {GUIDES.map((name) => (
        <Link
          key={name}
          to={`/guides/${name}`}
          className={classes.entry}
          aria-current={name === guide ? "page" : undefined}
        >
          {t(`guides.${name}.title`)}
        </Link>
      ))}
    </Stack>
  );
}
