export default function LabTab() {
  return <main />;
}
