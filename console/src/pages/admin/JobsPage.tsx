export default function JobsPage() {
  return <main />;
}
