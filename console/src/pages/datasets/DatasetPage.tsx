export default function DatasetPage() {
  return <main />;
}
