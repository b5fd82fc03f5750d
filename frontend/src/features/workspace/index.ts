export { ResultWorkspace, type ResultWorkspaceProps } from "./ResultWorkspace";
