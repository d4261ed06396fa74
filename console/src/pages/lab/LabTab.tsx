import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";

import { useSearch } from "../../api/explain";
import { fromAddress, toAddress, type Asked } from "../../api/retrieval";
import { Results } from "./Results";
import { SearchForm } from "./SearchForm";
import { WhyNot } from "./WhyNot";

const WHY = "why";

/** Asks a dataset and takes the answer apart. The address says what is asked: it can be shared and gone back to. */
export default function LabTab() {
  const { datasetId = "" } = useParams();
  const [address, setAddress] = useSearchParams();
  const { t } = useTranslation("lab");
  const asked = fromAddress(address);
  const found = useSearch(datasetId, asked);
  const ask = (next: Asked) => {
    const to = toAddress(next);
    const why = address.get(WHY);
    if (why) to.set(WHY, why);
    if (to.toString() === address.toString()) void found.refetch();
    else setAddress(to);
  };
  const wonder = (chunkId: string) => {
    const to = toAddress(asked);
    if (chunkId) to.set(WHY, chunkId);
    setAddress(to);
  };
  const isAsked = asked.question.trim() !== "";
  return (
    <Stack>
      <SearchForm datasetId={datasetId} asked={asked} isBusy={found.isFetching} plan={found.data?.plan} onAsk={ask} />
      {!isAsked && (
        <Text c="dimmed" size="sm">
          {t("hint")}
        </Text>
      )}
      {isAsked && <Results datasetId={datasetId} asked={asked} found={found} />}
      {isAsked && <WhyNot datasetId={datasetId} asked={asked} chunkId={address.get(WHY) ?? ""} onChoose={wonder} />}
    </Stack>
  );
}
