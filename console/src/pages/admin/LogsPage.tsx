export default function LogsPage() {
  return <main />;
}
