export default function ModelsPage() {
  return <main />;
}
