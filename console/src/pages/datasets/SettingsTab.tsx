export default function SettingsTab() {
  return <main />;
}
