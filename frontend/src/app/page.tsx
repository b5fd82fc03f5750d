export default function StartPage() {
  return <main><h1>DrumScribe</h1></main>;
}
