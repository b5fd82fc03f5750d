import "@/words/workspace";

export { ResultWorkspace, type ResultWorkspaceProps } from "./ResultWorkspace";
