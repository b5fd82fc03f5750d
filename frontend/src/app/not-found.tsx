import { ButtonLink } from "@/components/ui/Button";

export const metadata = { title: "Page not found" };

export default function NotFound() {
  return (
    <div className="mx-auto max-w-xl py-20">
      <h1 className="text-4xl font-bold">There is no such page</h1>
      <p className="mt-3 text-lg text-ink-soft">
        The address may have lost a piece on its way. Your songs are on the first page.
      </p>
      <ButtonLink href="/" look="primary" className="mt-8">
        To the start page
      </ButtonLink>
    </div>
  );
}
