import { ActionIcon, Box, Group, NumberInput, Skeleton, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight, IconZoomIn, IconZoomOut, IconZoomReset } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { ShownDocument } from "../../api/chunks";
import { usePicture, usePlaces, type Places } from "../../api/pages";
import { BlobImage } from "../../parts/BlobImage";
import { Failure } from "../../parts/Failure";
import { useFormats } from "../../parts/formats";
import { PageOverlay } from "./PageOverlay";
import classes from "./viewer.module.css";

interface Props {
  document: ShownDocument;
  /** Undefined while it is not known yet. */
  page: number | undefined;
  chunkId: string | undefined;
  onTurn: (page: number) => void;
  onChoose: (chunkId: string) => void;
}

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];
const FIT = ZOOMS.indexOf(1);
// Few widths, so that pictures that were made once serve again.
const WIDTH_STEP = 400;
const MOST_WIDTH = 2800;

/** A page of the source with the places of its chunks. */
export function PagePane({ document, page, chunkId, onTurn, onChoose }: Props) {
  const { t } = useTranslation("viewer");
  const [zoom, setZoom] = useState(FIT);
  const { ref, width: room } = useElementSize();
  const scale = ZOOMS[zoom] ?? 1;
  const isMeasured = room > 0;
  const width = pictureWidth(room * scale);
  const asked = isMeasured ? page : undefined;
  const places = usePlaces(document.id, asked, width);
  const picture = usePicture(document.id, asked, width);
  const error = picture.error ?? places.error;
  return (
    <Box component="section" className={classes.pane} aria-label={t("page.source")}>
      <div className={classes.bar}>
        <Turning page={page ?? 1} pages={places.data?.pages} onTurn={onTurn} />
        <Zooming zoom={zoom} onZoom={setZoom} />
      </div>
      <div className={classes.desk}>
        <div ref={ref}>
          {error ? <NoPicture error={error} isFailed={document.phase === "failed"} /> : null}
          {!error && (!places.data || !picture.data) && <Skeleton h="70vh" aria-busy aria-label={t("page.loading")} />}
          {!error && places.data && picture.data && (
            <Sheet
              room={room * scale}
              scale={scale}
              places={places.data}
              picture={picture.data}
              isCurrent={places.data.page === page && !picture.isPlaceholderData}
              chunkId={chunkId}
              onChoose={onChoose}
            />
          )}
        </div>
      </div>
    </Box>
  );
}

/** What is wrong with a file that could not be read is told above. */
function NoPicture({ error, isFailed }: { error: Error; isFailed: boolean }) {
  const { t } = useTranslation("viewer");
  if (!isFailed) return <Failure error={error} />;
  return (
    <Text size="sm" c="dimmed" ta="center" py="xl">
      {t("page.none")}
    </Text>
  );
}

function pictureWidth(shown: number): number {
  const wanted = Math.ceil((shown * window.devicePixelRatio) / WIDTH_STEP) * WIDTH_STEP;
  return Math.min(Math.max(wanted, WIDTH_STEP), MOST_WIDTH);
}

interface SheetProps {
  room: number;
  scale: number;
  places: Places;
  picture: Blob;
  isCurrent: boolean;
  chunkId: string | undefined;
  onChoose: (chunkId: string) => void;
}

function Sheet({ room, scale, places, picture, isCurrent, chunkId, onChoose }: SheetProps) {
  const { t } = useTranslation("viewer");
  // A small picture is not blown up by itself.
  const width = Math.min(room, places.width * scale);
  return (
    <div
      className={classes.sheet}
      style={{ width, height: (width * places.height) / places.width, opacity: isCurrent ? 1 : 0.5 }}
      aria-busy={!isCurrent}
    >
      <BlobImage blob={picture} alt={t("page.picture", { page: places.page })} />
      {isCurrent && <PageOverlay places={places} chunkId={chunkId} onChoose={onChoose} />}
    </div>
  );
}

interface TurningProps {
  page: number;
  pages: number | undefined;
  onTurn: (page: number) => void;
}

function Turning({ page, pages, onTurn }: TurningProps) {
  const { t } = useTranslation("viewer");
  const { number } = useFormats();
  const last = pages ?? page;
  return (
    <Group gap={4} wrap="nowrap" role="group" aria-label={t("page.turning")}>
      <ActionIcon
        variant="default"
        aria-label={t("page.previous")}
        disabled={page <= 1}
        onClick={() => onTurn(page - 1)}
      >
        <IconChevronLeft size={16} />
      </ActionIcon>
      <NumberInput
        size="xs"
        w={64}
        aria-label={t("page.number")}
        value={page}
        min={1}
        max={last}
        clampBehavior="strict"
        allowDecimal={false}
        hideControls
        onChange={(value) => typeof value === "number" && value >= 1 && value !== page && onTurn(value)}
      />
      <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }} aria-live="polite">
        {pages === undefined ? "" : t("page.of", { pages: number(pages) })}
      </Text>
      <ActionIcon
        variant="default"
        aria-label={t("page.next")}
        disabled={page >= last}
        onClick={() => onTurn(page + 1)}
      >
        <IconChevronRight size={16} />
      </ActionIcon>
    </Group>
  );
}

function Zooming({ zoom, onZoom }: { zoom: number; onZoom: (zoom: number) => void }) {
  const { t } = useTranslation("viewer");
  const { percent } = useFormats();
  return (
    <Group gap={4} wrap="nowrap" ml="auto" role="group" aria-label={t("zoom.zoom")}>
      <ActionIcon variant="default" aria-label={t("zoom.out")} disabled={zoom === 0} onClick={() => onZoom(zoom - 1)}>
        <IconZoomOut size={16} />
      </ActionIcon>
      <Text size="sm" w={44} ta="center" aria-live="polite">
        {percent(ZOOMS[zoom] ?? 1)}
      </Text>
      <ActionIcon
        variant="default"
        aria-label={t("zoom.in")}
        disabled={zoom === ZOOMS.length - 1}
        onClick={() => onZoom(zoom + 1)}
      >
        <IconZoomIn size={16} />
      </ActionIcon>
      <ActionIcon variant="default" aria-label={t("zoom.fit")} disabled={zoom === FIT} onClick={() => onZoom(FIT)}>
        <IconZoomReset size={16} />
      </ActionIcon>
    </Group>
  );
}
