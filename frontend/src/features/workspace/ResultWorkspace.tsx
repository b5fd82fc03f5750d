"use client";

import { useEffect, useMemo, useState } from "react";
import { createPortal } from "react-dom";
import type { Hit, JobResult } from "@/api/client";
import type { Refinement } from "@/api/jobStates";
import { BringButton } from "@/features/bringing/BringButton";
import { BroughtNotice } from "@/features/bringing/BroughtNotice";
import { useBringBack } from "@/features/bringing/useBringBack";
import { EditorPanel } from "@/features/editor/EditorPanel";
import { OtherCounts } from "@/features/editor/OtherCounts";
import { ReviewPanel } from "@/features/editor/ReviewPanel";
import { SettingsPanel } from "@/features/editor/SettingsPanel";
import { TitleFields } from "@/features/editor/TitleFields";
import { useDismissed } from "@/features/editor/useDismissed";
import { useEditing } from "@/features/editor/useEditing";
import { useUndoKeys } from "@/features/editor/useUndoKeys";
import { RefiningNotice } from "@/features/refining/RefiningNotice";
import { SoundNotice } from "@/features/player/SoundNotice";
import { usePlayer } from "@/features/player/usePlayer";
import { usePractice } from "@/features/player/usePractice";
import { DoubtLegend } from "@/features/score/DoubtLegend";
import { BarsInWords } from "@/features/score/BarsInWords";
import { ScoreView } from "@/features/score/ScoreView";
import { inItsMetres, type BeatGrid } from "@/music/beatGrid";
import { doubtfulBars } from "@/music/doubt";
import { unitLasting } from "@/music/metre";
import { doubtfulIds, openGroups, openOffers } from "@/music/review";
import { NoScoreYet } from "./NoScoreYet";
import { PlayerDock } from "./PlayerDock";
import { Shortcuts } from "./Shortcuts";
import { StandView } from "./StandView";
import { Tools, type Panel } from "./Tools";
import { useBarMenu } from "./useBarMenu";
import { useChosen } from "./useChosen";
import { useDrawnPage } from "./useDrawnPage";
import { enterFullscreen, leaveFullscreen } from "./fullscreen";
import { usePageKeys } from "./usePageKeys";
import { useWayThrough } from "./useWayThrough";

const NONE: ReadonlySet<number> = new Set();
const NO_HITS: readonly Hit[] = [];
const NO_BARS: ReadonlySet<string> = new Set();

export interface ResultWorkspaceProps {
  jobId: string;
  /** As loaded; edits write the new one into the cache under `jobKeys.result(jobId)`. */
  result: JobResult;
  canEdit: boolean;
  /** How it stands with hearing the drums alone. */
  refinement: Refinement | null;
  /** Where title and artist are changed; null where nobody may. */
  titleRoom: HTMLElement | null;
}

/** Score, player and editor of a finished job. */
export function ResultWorkspace({ jobId, result, canEdit, refinement, titleRoom }: ResultWorkspaceProps) {
  const page = useDrawnPage(jobId, result);
  const player = usePlayer(result.downloads, result.duration_seconds);
  const practice = usePractice(jobId, player.engine);
  const editing = useEditing(jobId, result, refinement);
  const bringing = useBringBack(jobId, editing, result.settings.bars);
  const [panel, setPanel] = useState<Panel>("none");
  const [showsDoubt, setShowsDoubt] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [isOnStand, setOnStand] = useState(false);
  const [place, setPlace] = useState<{ seconds: number } | null>(null);
  const { engine, state, sound, loadAgain } = player;
  const { hits } = editing.edit;
  const [dismissed, dismiss] = useDismissed(jobId);
  const doubtful = useMemo(() => doubtfulIds(result, hits), [result, hits]);
  const offers = useMemo(() => openOffers(result, hits, dismissed), [result, hits, dismissed]);
  const chosen = useChosen({ hits, doubtful, drawn: page.data?.hits, dispatch: editing.dispatch, engine });

  const grid: BeatGrid = useMemo(
    () => ({ beats: result.beats, beatNumbers: result.beat_numbers, barMetres: result.bar_time_signatures }),
    [result.beats, result.beat_numbers, result.bar_time_signatures],
  );
  useEffect(() => engine?.setGrid(inItsMetres(grid)), [engine, grid]);
  useEffect(
    () => engine?.setHits(hits, result.duration_seconds),
    [engine, hits, result.duration_seconds],
  );

  const clock = page.data?.clock ?? null;
  const { open: openBarMenu, menu: barMenu } = useBarMenu(result, clock, editing);
  const onBarMenu = canEdit ? openBarMenu : undefined;
  const unsureBars = useMemo(
    () => doubtfulBars(clock?.map.measures ?? [], result.downbeats, result.bar_confidences),
    [clock, result.downbeats, result.bar_confidences],
  );
  const { position, positionWords, toBar, toggleLoop, listen } = useWayThrough(engine, state, clock, showsDoubt);
  const onNextDoubtful = (direction: 1 | -1) => {
    setShowsDoubt(true);
    chosen.goToDoubtful(direction);
  };
  const onListen = (stroke: Hit) => {
    chosen.show(stroke);
    setPlace({ seconds: stroke.time });
    listen(stroke.time);
  };

  useUndoKeys(canEdit ? editing.dispatch : null);
  usePageKeys({
    " ": () => {
      // As the button: not before there is something to hear.
      if (sound.kind !== "loading") engine?.toggle();
    },
    ",": () => toBar(-1),
    ".": () => toBar(1),
    "[": () => engine?.setRate((state?.rate ?? 1) - 0.05),
    "]": () => engine?.setRate((state?.rate ?? 1) + 0.05),
    l: toggleLoop,
    b: () => onBarMenu?.(position()),
    n: () => onNextDoubtful(1),
    N: () => onNextDoubtful(-1),
    "?": () => setHelpOpen(true),
  });

  const isLoading = sound.kind === "loading";
  const soundNotice = <SoundNotice sound={sound} canPlay={engine !== null} onAgain={loadAgain} />;

  return (
    <div className="grid min-w-0 grid-cols-1 gap-5">
      {titleRoom ? createPortal(<TitleFields result={result} editing={editing} />, titleRoom) : null}
      {engine && state ? (
        <PlayerDock
          result={result}
          editing={editing}
          engine={engine}
          state={state}
          sound={sound}
          clock={clock}
          practice={practice}
          isEditing={canEdit && panel !== "none"}
          positionWords={positionWords}
          notice={soundNotice}
        />
      ) : isLoading ? (
        <div className="player-room print:hidden">{soundNotice}</div>
      ) : (
        soundNotice
      )}
      <Tools
        editing={editing}
        canEdit={canEdit}
        panel={panel}
        onPanel={(next) => {
          setPanel(next);
          // What is heard is what one wants to correct.
          if (next === "edit") setPlace({ seconds: position() });
        }}
        showsDoubt={showsDoubt}
        onShowsDoubt={setShowsDoubt}
        doubtful={doubtful.size}
        onNextDoubtful={() => onNextDoubtful(1)}
        onHelp={() => setHelpOpen(true)}
        onBarMenu={() => onBarMenu?.(position())}
        more={canEdit ? <BringButton bringing={bringing} /> : null}
        // Before the stand opens: what is made full screen later would cover it.
        onStand={() => void enterFullscreen().then(() => setOnStand(true))}
      />

      {canEdit ? <OtherCounts result={result} editing={editing} /> : null}
      <BroughtNotice bringing={bringing} version={result.version} />
      {canEdit ? <RefiningNotice jobId={jobId} refinement={refinement} edits={editing} /> : null}

      {panel === "settings" ? (
        <SettingsPanel editing={editing} result={result} position={position} isPlaying={state?.isPlaying ?? false} />
      ) : null}

      {showsDoubt && canEdit ? (
        <ReviewPanel
          groups={openGroups(result, hits, dismissed)}
          total={hits.length}
          isShort={panel === "edit"}
          canUndo={editing.edit.past.length > 0}
          dispatch={editing.dispatch}
          onDismiss={dismiss}
          onListen={onListen}
          barAt={(seconds) => clock?.measure(Math.max(0, clock.measureAt(seconds)))?.number ?? null}
        />
      ) : null}
      {showsDoubt ? <DoubtLegend hasBars={unsureBars.size > 0} /> : null}
      {page.data && isOnStand ? null : page.data ? (
        <ScoreView
          svg={page.data.svg}
          isNarrow={page.data.isNarrow}
          clock={page.data.clock}
          hits={page.data.hits}
          edited={hits}
          title={result.title}
          position={position}
          isPlaying={state?.isPlaying ?? false}
          doubtful={showsDoubt ? doubtful : NONE}
          doubtfulBars={showsDoubt ? unsureBars : NO_BARS}
          markedHit={chosen.marked}
          shown={place}
          onSeek={chosen.goToPlace}
          onBarMenu={onBarMenu}
          onSection={(stretch) => {
            engine?.setLoop(stretch);
            engine?.seek(stretch.startSeconds);
          }}
        />
      ) : (
        <NoScoreYet error={page.error} onAgain={() => void page.refetch()} />
      )}
      {page.data ? (
        <BarsInWords map={page.data.clock.map} hits={result.settings.sticking === "hidden" ? NO_HITS : page.data.hits} />
      ) : null}
      {engine && panel === "edit" ? (
        <EditorPanel
          editing={editing}
          grid={grid}
          unit={unitLasting(result.beat_length)}
          engine={engine}
          firstBar={clock?.measure(0)?.number || 1}
          isPlaying={state?.isPlaying ?? false}
          doubtful={doubtful}
          offers={offers}
          shown={chosen.shown}
          onPlace={(seconds) => setPlace({ seconds })}
          onBarMenu={openBarMenu}
          onClose={() => setPanel("none")}
        />
      ) : null}
      {isOnStand ? (
        <StandView
          jobId={jobId}
          result={result}
          engine={engine}
          state={state}
          isSoundReady={sound.kind !== "loading"}
          position={position}
          onClose={() => {
            setOnStand(false);
            setPlace({ seconds: position() });
            leaveFullscreen();
          }}
        />
      ) : null}
      {barMenu}
      {isHelpOpen ? <Shortcuts onClose={() => setHelpOpen(false)} /> : null}
    </div>
  );
}
