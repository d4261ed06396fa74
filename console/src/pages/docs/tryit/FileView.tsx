import { Anchor, Image, Stack, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { useFormats } from "../../../parts/formats";

const PICTURES = /^image\/(png|jpeg|gif|webp|bmp)/;

/** What is no text is offered as a file, and shown if it is a picture. */
export function FileView({ blob, type }: { blob: Blob; type: string }) {
  const { t } = useTranslation("docs");
  const { bytes } = useFormats();
  const picture = useRef<HTMLImageElement>(null);
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    const url = URL.createObjectURL(blob);
    if (picture.current) picture.current.src = url;
    if (link.current) link.current.href = url;
    return () => URL.revokeObjectURL(url);
  }, [blob]);
  return (
    <Stack gap="xs" align="flex-start">
      <Text size="sm">
        {type} · {bytes(blob.size)}
      </Text>
      {PICTURES.test(type) && <Image ref={picture} alt={t("tryIt.picture")} mah={400} w="auto" fit="contain" />}
      <Anchor ref={link} href="#" download="answer">
        {t("tryIt.save")}
      </Anchor>
    </Stack>
  );
}
