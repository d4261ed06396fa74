import { useEffect, useRef, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";

import { plainId } from "../../api/datasets";
import type { PlacedChunk, Places } from "../../api/pages";
import classes from "./viewer.module.css";

interface Props {
  places: Places;
  chunkId: string | undefined;
  onChoose: (chunkId: string) => void;
}

/** The chunks' places, each chunk a button of as many boxes as it has. */
export function PageOverlay({ places, chunkId, onChoose }: Props) {
  const { t } = useTranslation("viewer");
  return (
    <svg
      className={classes.overlay}
      viewBox={`0 0 ${places.width} ${places.height}`}
      preserveAspectRatio="none"
      role="group"
      aria-label={t("page.chunks")}
    >
      {places.chunks.map((chunk) => (
        <Boxes
          key={chunk.chunk_id}
          chunk={chunk}
          isMarked={plainId(chunk.chunk_id) === plainId(chunkId ?? "")}
          onChoose={() => onChoose(chunk.chunk_id)}
        />
      ))}
    </svg>
  );
}

function Boxes({ chunk, isMarked, onChoose }: { chunk: PlacedChunk; isMarked: boolean; onChoose: () => void }) {
  const { t } = useTranslation("viewer");
  const label = t("page.chunk", { position: chunk.position });
  const group = useRef<SVGGElement>(null);
  useEffect(() => {
    // Who chose it on the page sees it already.
    const isFromHere = document.activeElement?.closest("svg") === group.current?.ownerSVGElement;
    if (isMarked && !isFromHere) group.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [isMarked]);
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onChoose();
  };
  return (
    <g
      ref={group}
      className={classes.box}
      role="button"
      tabIndex={0}
      aria-label={label}
      aria-pressed={isMarked}
      data-marked={isMarked || undefined}
      onClick={onChoose}
      onKeyDown={press}
    >
      <title>{label}</title>
      {chunk.boxes.map(([left, top, right, bottom]) => (
        <rect
          key={`${left},${top},${right},${bottom}`}
          x={left}
          y={top}
          width={Math.max(1, right - left)}
          height={Math.max(1, bottom - top)}
        />
      ))}
    </g>
  );
}
