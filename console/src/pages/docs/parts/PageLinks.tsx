import { Anchor, Button, CopyButton, Group } from "@mantine/core";
import { IconCheck, IconDownload, IconMarkdown, IconMessageReport, IconPencil } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import classes from "../docs.module.css";
import { editLink, reportLink, useDocsLinks } from "./links";

interface Props {
  title: string;
  /** The page's file in the repository. */
  source?: string | undefined;
  markdown?: string | undefined;
  /** Address and name of the document that the page is made of. */
  download?: { address: string; name: string } | undefined;
}

/** What a reader may do with a page. */
export function PageLinks({ title, source, markdown, download }: Props) {
  const { t } = useTranslation("docs");
  const links = useDocsLinks();
  return (
    <Group className={classes.unprinted} component="footer" gap="lg" fz="sm">
      {markdown !== undefined && <CopyMarkdown markdown={markdown} />}
      {download && (
        <Anchor href={download.address} download={download.name} size="sm">
          <IconDownload className={classes.icon} size={16} aria-hidden /> {t("links.download")}
        </Anchor>
      )}
      {links.edit && source && (
        <Anchor href={editLink(links.edit, source)} rel="noreferrer" size="sm">
          <IconPencil className={classes.icon} size={16} aria-hidden /> {t("links.edit")}
        </Anchor>
      )}
      {links.report && (
        <Anchor href={reportLink(links.report, location.href, title)} rel="noreferrer" size="sm">
          <IconMessageReport className={classes.icon} size={16} aria-hidden /> {t("links.report")}
        </Anchor>
      )}
    </Group>
  );
}

function CopyMarkdown({ markdown }: { markdown: string }) {
  const { t } = useTranslation("docs");
  return (
    <CopyButton value={markdown}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconMarkdown size={16} aria-hidden />}
          onClick={copy}
        >
          {t(copied ? "links.markdownCopied" : "links.markdown")}
        </Button>
      )}
    </CopyButton>
  );
}
