export default function DatasetsPage() {
  return <main />;
}
