import { Button, Group, Pagination, Select, Skeleton, Stack, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";

import { useDataset } from "../../api/datasets";
import { SHOWN_AS, useDocuments, type DocumentsAsked } from "../../api/documents";
import { addUploads } from "../../api/upload";
import { useMayWrite } from "../../app/SessionGate";
import { Failure } from "../../parts/Failure";
import { useFormats } from "../../parts/formats";
import { SearchBox } from "../../parts/SearchBox";
import { BulkBar } from "./BulkBar";
import { DocumentTable } from "./DocumentTable";
import { NoDocuments } from "./NoDocuments";
import { QuickUpload } from "./QuickUpload";
import { UploadList } from "./UploadList";
import { useLiveDocuments } from "./useLiveDocuments";

const PER_PAGE = 25;
const SKELETONS = [1, 2, 3, 4, 5];

export default function DocumentsTab() {
  const { t } = useTranslation("documents");
  const { datasetId = "" } = useParams();
  const mayWrite = useMayWrite();
  const [asked, ask] = useAsked();
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const { data: dataset } = useDataset(datasetId);
  const { data, error } = useDocuments(datasetId, asked);
  const formats = useFormats();
  useLiveDocuments(datasetId);
  const isNarrowed = asked.keyword !== "" || asked.status !== null;
  const upload = (files: File[]) =>
    addUploads(datasetId, files, { kind: "dataset" }, dataset?.indexing_technique ?? "high_quality");
  return (
    <Stack gap="sm">
      {mayWrite && (
        <Dropzone.FullScreen
          active
          onDrop={upload}
          aria-label={t("drop.title")}
          inputProps={{ "aria-label": t("drop.title") }}
        >
          <Stack align="center" justify="center" mih="80vh" style={{ pointerEvents: "none" }}>
            <IconUpload size={56} aria-hidden />
            <Text size="xl">{t("drop.title")}</Text>
            <Text c="dimmed">{t("drop.hint")}</Text>
          </Stack>
        </Dropzone.FullScreen>
      )}
      <Group justify="space-between">
        <Filters asked={asked} onAsk={ask} />
        {mayWrite && (
          <Group gap="xs">
            <Button component={Link} to={`/datasets/${datasetId}/upload`} variant="default">
              {t("list.preview")}
            </Button>
            <QuickUpload onFiles={upload} />
          </Group>
        )}
      </Group>
      <UploadList datasetId={datasetId} />
      {chosen.size > 0 && <BulkBar datasetId={datasetId} ids={[...chosen]} onClear={() => choose(new Set())} />}
      {error && <Failure error={error} />}
      {!data && !error && SKELETONS.map((one) => <Skeleton key={one} height={40} />)}
      {data?.total === 0 && <NoDocuments isNarrowed={isNarrowed} onFiles={upload} />}
      {data && data.total > 0 && (
        <>
          <DocumentTable datasetId={datasetId} rows={data.rows} chosen={chosen} onChoose={choose} />
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {t("list.total", { count: data.total, shown: formats.number(data.total) })}
            </Text>
            <Pagination
              size="sm"
              total={Math.ceil(data.total / PER_PAGE)}
              value={asked.page}
              onChange={(page) => ask({ ...asked, page })}
              hideWithOnePage
              getControlProps={(control) => ({ "aria-label": t(`paging.${control}`) })}
            />
          </Group>
        </>
      )}
    </Stack>
  );
}

function Filters({ asked, onAsk }: { asked: DocumentsAsked; onAsk: (asked: DocumentsAsked) => void }) {
  const { t } = useTranslation("documents");
  return (
    <Group gap="xs">
      <SearchBox
        label={t("list.search")}
        value={asked.keyword}
        onSearch={(keyword) => onAsk({ ...asked, keyword, page: 1 })}
      />
      <Select
        aria-label={t("list.byStatus")}
        placeholder={t("list.everyStatus")}
        data={SHOWN_AS.map((value) => ({ value, label: t(`shownAs.${value}`) }))}
        value={asked.status}
        onChange={(value) => onAsk({ ...asked, status: SHOWN_AS.find((one) => one === value) ?? null, page: 1 })}
        clearable
        w={170}
      />
    </Group>
  );
}

/** What is asked for stands in the address, so that going back shows the same list. */
function useAsked(): [DocumentsAsked, (asked: DocumentsAsked) => void] {
  const [parameters, setParameters] = useSearchParams();
  const asked = {
    keyword: parameters.get("q") ?? "",
    status: SHOWN_AS.find((one) => one === parameters.get("status")) ?? null,
    page: Math.max(1, Number(parameters.get("page")) || 1),
    limit: PER_PAGE,
  };
  const ask = ({ keyword, status, page }: DocumentsAsked) => {
    const next = new URLSearchParams();
    if (keyword) next.set("q", keyword);
    if (status) next.set("status", status);
    if (page > 1) next.set("page", String(page));
    setParameters(next, { replace: true });
  };
  return [asked, ask];
}
