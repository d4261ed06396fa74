import { Anchor, Group } from "@mantine/core";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import classes from "../docs.module.css";
import { operationsOf, type ApiName, type Document, type Operation } from "../model/openapi";

interface Props {
  api: ApiName;
  document: Document;
  operation: Operation;
}

/** The pages before and after this one. */
export function Neighbours({ api, document, operation }: Props) {
  const { t } = useTranslation("docs");
  const all = operationsOf(document);
  const here = all.findIndex((one) => one.operationId === operation.operationId);
  const [before, after] = [all[here - 1], all[here + 1]];
  return (
    <Group component="nav" aria-label={t("operation.neighbours")} justify="space-between" className={classes.unprinted}>
      {before ? (
        <Anchor component={Link} to={`/${api}/${before.operationId}`} size="sm">
          <IconArrowLeft className={classes.icon} size={16} aria-hidden /> {before.summary}
        </Anchor>
      ) : (
        <span />
      )}
      {after && (
        <Anchor component={Link} to={`/${api}/${after.operationId}`} size="sm">
          {after.summary} <IconArrowRight className={classes.icon} size={16} aria-hidden />
        </Anchor>
      )}
    </Group>
  );
}
