import { Checkbox, Group, Input, Slider, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useFormats } from "../../parts/formats";

interface Props {
  weight: number | null;
  /** What the last search came to, where nobody chose. */
  used: number | undefined;
  onChange: (weight: number | null) => void;
}

const MIDDLE = 0.5;

/** How much vectors count beside words. */
export function WeightInput({ weight, used, onChange }: Props) {
  const { t } = useTranslation("lab");
  const { percent } = useFormats();
  const shown = weight ?? used ?? MIDDLE;
  return (
    <Input.Wrapper label={t("weight.title")} labelElement="div">
      <Group gap="lg" align="center">
        <Checkbox
          size="sm"
          label={t("weight.advised")}
          checked={weight === null}
          onChange={({ currentTarget }) => onChange(currentTarget.checked ? null : shown)}
        />
        {/* Before the first search nobody knows what the model advises. */}
        {(weight ?? used) !== undefined && (
          <Group gap="xs" flex={1} miw={260} wrap="nowrap">
            <Text size="xs" c="dimmed">
              {t("weight.words", { share: percent(1 - shown) })}
            </Text>
            <Slider
              flex={1}
              min={0}
              max={1}
              step={0.05}
              label={percent}
              thumbLabel={t("weight.title")}
              disabled={weight === null}
              value={shown}
              onChange={onChange}
            />
            <Text size="xs" c="dimmed">
              {t("weight.vectors", { share: percent(shown) })}
            </Text>
          </Group>
        )}
      </Group>
    </Input.Wrapper>
  );
}
