export { MissingPage as default } from "@/components/MissingPage";
