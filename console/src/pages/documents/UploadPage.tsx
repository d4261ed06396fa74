export default function UploadPage() {
  return <main />;
}
