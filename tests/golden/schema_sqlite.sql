CREATE TABLE announcement (
	id INTEGER NOT NULL,
	community INTEGER NOT NULL,
	stage VARCHAR(10) NOT NULL,
	urgent BOOLEAN NOT NULL,
	confirmed_at BIGINT,
	wake_at BIGINT,
	body TEXT NOT NULL,
	CONSTRAINT pk_announcement PRIMARY KEY (id),
	CONSTRAINT fk_announcement_community FOREIGN KEY(community) REFERENCES community (id) ON DELETE CASCADE
);

CREATE INDEX ix_announcement_community ON announcement (community);

CREATE INDEX ix_announcement_wake_at ON announcement (wake_at);

CREATE TABLE attendance (
	attendee INTEGER NOT NULL,
	conference VARCHAR(100) NOT NULL,
	session VARCHAR(200) NOT NULL,
	choice VARCHAR(10) NOT NULL,
	reserved BOOLEAN NOT NULL,
	backup_of VARCHAR(200),
	left_at BIGINT,
	known TEXT,
	chosen_at BIGINT,
	must BOOLEAN DEFAULT 0 NOT NULL,
	CONSTRAINT pk_attendance PRIMARY KEY (attendee, conference, session),
	CONSTRAINT fk_attendance_attendee FOREIGN KEY(attendee) REFERENCES attendee (id) ON DELETE CASCADE
);

CREATE INDEX ix_attendance_session ON attendance (conference, session, choice, attendee);

CREATE TABLE attendee (
	id INTEGER NOT NULL,
	community INTEGER NOT NULL,
	user VARCHAR(100) NOT NULL,
	name TEXT NOT NULL,
	zone VARCHAR(64),
	stay TEXT,
	here_venue TEXT,
	here_at BIGINT,
	pace VARCHAR(10) NOT NULL,
	stride FLOAT NOT NULL,
	notice INTEGER NOT NULL,
	arrive_early INTEGER NOT NULL,
	quiet VARCHAR(11),
	nudges_on BOOLEAN NOT NULL,
	agreed_at BIGINT,
	privacy VARCHAR(10) NOT NULL,
	last_list TEXT NOT NULL,
	channel VARCHAR(100) DEFAULT '' NOT NULL,
	refused TEXT DEFAULT '' NOT NULL,
	told BOOLEAN DEFAULT 0 NOT NULL,
	threads BOOLEAN DEFAULT 0 NOT NULL,
	thread VARCHAR(100) DEFAULT '' NOT NULL,
	current BOOLEAN DEFAULT 1 NOT NULL,
	announcements BIGINT,
	alarms BOOLEAN DEFAULT 1 NOT NULL,
	hours VARCHAR(2),
	locale VARCHAR(20) DEFAULT '' NOT NULL,
	proposal TEXT,
	sure INTEGER DEFAULT '90' NOT NULL,
	step_free BOOLEAN DEFAULT 0 NOT NULL,
	likes_walking BOOLEAN DEFAULT 0 NOT NULL,
	map VARCHAR(10) DEFAULT 'osm' NOT NULL,
	has_blocks BOOLEAN DEFAULT 0 NOT NULL,
	CONSTRAINT pk_attendee PRIMARY KEY (id),
	CONSTRAINT uq_attendee_community_user UNIQUE (community, user),
	CONSTRAINT fk_attendee_community FOREIGN KEY(community) REFERENCES community (id) ON DELETE CASCADE
);

CREATE INDEX ix_attendee_user ON attendee (user);

CREATE TABLE block (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	attendee INTEGER NOT NULL,
	conference VARCHAR(100) NOT NULL,
	starts_at BIGINT NOT NULL,
	ends_at BIGINT NOT NULL,
	title TEXT NOT NULL,
	venue TEXT NOT NULL,
	CONSTRAINT fk_block_attendee FOREIGN KEY(attendee) REFERENCES attendee (id) ON DELETE CASCADE
);

CREATE INDEX ix_block_attendee ON block (attendee, conference);

CREATE TABLE claim (
	name VARCHAR(100) NOT NULL,
	ends_at BIGINT NOT NULL,
	CONSTRAINT pk_claim PRIMARY KEY (name)
);

CREATE TABLE community (
	id INTEGER NOT NULL,
	platform VARCHAR(20) NOT NULL,
	tenant VARCHAR(100) NOT NULL,
	conference VARCHAR(100),
	name TEXT DEFAULT '' NOT NULL,
	reminders VARCHAR(100) DEFAULT '' NOT NULL,
	digest VARCHAR(100) DEFAULT '' NOT NULL,
	left_at BIGINT,
	role VARCHAR(100) DEFAULT '' NOT NULL,
	role_name TEXT DEFAULT '' NOT NULL,
	notices VARCHAR(100) DEFAULT '' NOT NULL,
	page VARCHAR(60),
	feedback BOOLEAN DEFAULT 0 NOT NULL,
	CONSTRAINT pk_community PRIMARY KEY (id),
	CONSTRAINT uq_community_platform_tenant UNIQUE (platform, tenant)
);

CREATE UNIQUE INDEX ix_community_page ON community (page);

CREATE TABLE conference (
	slug VARCHAR(100) NOT NULL,
	title TEXT NOT NULL,
	zone VARCHAR(64) NOT NULL,
	check_in INTEGER NOT NULL,
	walk_up INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	published BOOLEAN NOT NULL,
	seats BOOLEAN DEFAULT 0 NOT NULL,
	owner INTEGER,
	archived BOOLEAN DEFAULT 0 NOT NULL,
	lines TEXT DEFAULT '[]' NOT NULL,
	c3nav VARCHAR(200) DEFAULT '' NOT NULL,
	crowd FLOAT DEFAULT '1' NOT NULL,
	CONSTRAINT pk_conference PRIMARY KEY (slug)
);

CREATE TABLE deed (
	id INTEGER NOT NULL,
	community INTEGER NOT NULL,
	at BIGINT NOT NULL,
	user VARCHAR(100) NOT NULL,
	name TEXT NOT NULL,
	what TEXT NOT NULL,
	allowed BOOLEAN NOT NULL,
	failed BOOLEAN NOT NULL,
	whom VARCHAR(100) NOT NULL,
	whom_name TEXT NOT NULL,
	about BOOLEAN NOT NULL,
	CONSTRAINT pk_deed PRIMARY KEY (id),
	CONSTRAINT fk_deed_community FOREIGN KEY(community) REFERENCES community (id) ON DELETE CASCADE
);

CREATE INDEX ix_deed_community ON deed (community);

CREATE TABLE delivery (
	id INTEGER NOT NULL,
	"key" VARCHAR(25) NOT NULL,
	attendee INTEGER,
	channel VARCHAR(100) DEFAULT '' NOT NULL,
	platform VARCHAR(20) NOT NULL,
	community INTEGER NOT NULL,
	kind VARCHAR(20) NOT NULL,
	subject VARCHAR(200) NOT NULL,
	revision INTEGER NOT NULL,
	due_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	facts TEXT NOT NULL,
	catch_up BOOLEAN NOT NULL,
	owed_at BIGINT NOT NULL,
	state VARCHAR(10) NOT NULL,
	attempt INTEGER NOT NULL,
	wake_at BIGINT,
	settled_at BIGINT,
	error TEXT NOT NULL,
	early INTEGER DEFAULT '0' NOT NULL,
	patience INTEGER DEFAULT '0' NOT NULL,
	stands_in VARCHAR(100) DEFAULT '' NOT NULL,
	stands_as VARCHAR(100) DEFAULT '' NOT NULL,
	CONSTRAINT pk_delivery PRIMARY KEY (id),
	CONSTRAINT uq_delivery_key UNIQUE ("key"),
	CONSTRAINT fk_delivery_attendee FOREIGN KEY(attendee) REFERENCES attendee (id) ON DELETE CASCADE
);

CREATE INDEX ix_delivery_attendee ON delivery (attendee);

CREATE INDEX ix_delivery_platform_wake_at ON delivery (platform, wake_at);

CREATE INDEX ix_delivery_subject ON delivery (subject, id) WHERE kind = 'announcement';

CREATE TABLE feed (
	conference VARCHAR(100) NOT NULL,
	url TEXT NOT NULL,
	due_at BIGINT NOT NULL,
	format VARCHAR(40) NOT NULL,
	zone VARCHAR(64) NOT NULL,
	every INTEGER NOT NULL,
	community INTEGER,
	organizers TEXT NOT NULL,
	etag TEXT NOT NULL,
	modified TEXT NOT NULL,
	digest VARCHAR(64) NOT NULL,
	checked_at BIGINT,
	fresh_at BIGINT,
	changed_at BIGINT,
	changes TEXT NOT NULL,
	failures INTEGER NOT NULL,
	fault TEXT NOT NULL,
	held TEXT NOT NULL,
	held_at BIGINT,
	losing VARCHAR(64) NOT NULL,
	declined VARCHAR(64) NOT NULL,
	lease INTEGER NOT NULL,
	failing_at BIGINT,
	outage_at BIGINT,
	wake_at BIGINT NOT NULL,
	CONSTRAINT pk_feed PRIMARY KEY (conference),
	CONSTRAINT fk_feed_community FOREIGN KEY(community) REFERENCES community (id) ON DELETE SET NULL
);

CREATE TABLE feedback (
	attendee INTEGER NOT NULL,
	conference VARCHAR(100) NOT NULL,
	session VARCHAR(200) NOT NULL,
	useful BOOLEAN,
	word TEXT DEFAULT '' NOT NULL,
	room VARCHAR(10),
	CONSTRAINT pk_feedback PRIMARY KEY (attendee, conference, session),
	CONSTRAINT fk_feedback_attendee FOREIGN KEY(attendee) REFERENCES attendee (id) ON DELETE CASCADE
);

CREATE INDEX ix_feedback_session ON feedback (conference, session);

CREATE TABLE handshake (
	word VARCHAR(64) NOT NULL,
	browser VARCHAR(64) NOT NULL,
	ends_at BIGINT NOT NULL,
	CONSTRAINT pk_handshake PRIMARY KEY (word)
);

CREATE TABLE held_copy (
	conference VARCHAR(100) NOT NULL,
	body BLOB NOT NULL,
	CONSTRAINT pk_held_copy PRIMARY KEY (conference)
);

CREATE TABLE installation (
	platform VARCHAR(20) NOT NULL,
	tenant VARCHAR(100) NOT NULL,
	sealed TEXT NOT NULL,
	org VARCHAR(100) NOT NULL,
	ends_at BIGINT,
	lease INTEGER NOT NULL,
	leased_until BIGINT,
	CONSTRAINT pk_installation PRIMARY KEY (platform, tenant)
);

CREATE TABLE lane_lease (
	name VARCHAR(100) NOT NULL,
	owner VARCHAR(40) NOT NULL,
	until BIGINT NOT NULL,
	said TEXT NOT NULL,
	CONSTRAINT pk_lane_lease PRIMARY KEY (name)
);

CREATE TABLE leg (
	conference VARCHAR(100) NOT NULL,
	origin TEXT NOT NULL,
	target TEXT NOT NULL,
	source VARCHAR(20) NOT NULL,
	minutes INTEGER NOT NULL,
	metres INTEGER,
	mode VARCHAR(20) NOT NULL,
	samples INTEGER,
	CONSTRAINT pk_leg PRIMARY KEY (conference, origin, target, source),
	CONSTRAINT fk_leg_conference FOREIGN KEY(conference) REFERENCES conference (slug) ON DELETE CASCADE
);

CREATE TABLE link (
	one INTEGER NOT NULL,
	other INTEGER NOT NULL,
	conference VARCHAR(100) NOT NULL,
	since BIGINT NOT NULL,
	CONSTRAINT pk_link PRIMARY KEY (one, other),
	CONSTRAINT fk_link_one FOREIGN KEY(one) REFERENCES community (id) ON DELETE CASCADE,
	CONSTRAINT fk_link_other FOREIGN KEY(other) REFERENCES community (id) ON DELETE CASCADE
);

CREATE INDEX ix_link_other ON link (other);

CREATE TABLE link_offer (
	community INTEGER NOT NULL,
	digest VARCHAR(64) NOT NULL,
	ends_at BIGINT NOT NULL,
	CONSTRAINT pk_link_offer PRIMARY KEY (community),
	CONSTRAINT uq_link_offer_digest UNIQUE (digest),
	CONSTRAINT fk_link_offer_community FOREIGN KEY(community) REFERENCES community (id) ON DELETE CASCADE
);

CREATE TABLE mark (
	name VARCHAR(100) NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_mark PRIMARY KEY (name)
);

CREATE TABLE organizer (
	community INTEGER NOT NULL,
	user VARCHAR(100) NOT NULL,
	name TEXT NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT,
	CONSTRAINT pk_organizer PRIMARY KEY (community, user),
	CONSTRAINT fk_organizer_community FOREIGN KEY(community) REFERENCES community (id) ON DELETE CASCADE
);

CREATE TABLE organizer_change (
	conference VARCHAR(100) NOT NULL,
	kind VARCHAR(20) NOT NULL,
	name TEXT NOT NULL,
	number INTEGER NOT NULL,
	at BIGINT NOT NULL,
	patch TEXT,
	CONSTRAINT pk_organizer_change PRIMARY KEY (conference, kind, name, number),
	CONSTRAINT fk_organizer_change_conference FOREIGN KEY(conference) REFERENCES conference (slug) ON DELETE CASCADE
);

CREATE TABLE private_address (
	attendee INTEGER NOT NULL,
	digest VARCHAR(64) NOT NULL,
	salt VARCHAR(32) NOT NULL,
	made_at BIGINT NOT NULL,
	events TEXT NOT NULL,
	CONSTRAINT pk_private_address PRIMARY KEY (attendee),
	CONSTRAINT fk_private_address_attendee FOREIGN KEY(attendee) REFERENCES attendee (id) ON DELETE CASCADE,
	CONSTRAINT uq_private_address_digest UNIQUE (digest)
);

CREATE TABLE room_way (
	conference VARCHAR(100) NOT NULL,
	origin TEXT NOT NULL,
	origin_room TEXT NOT NULL,
	target TEXT NOT NULL,
	target_room TEXT NOT NULL,
	minutes FLOAT NOT NULL,
	metres INTEGER,
	as_of VARCHAR(10),
	CONSTRAINT pk_room_way PRIMARY KEY (conference, origin, origin_room, target, target_room),
	CONSTRAINT fk_room_way_conference FOREIGN KEY(conference) REFERENCES conference (slug) ON DELETE CASCADE
);

CREATE TABLE session (
	conference VARCHAR(100) NOT NULL,
	id VARCHAR(200) NOT NULL,
	code TEXT NOT NULL,
	title TEXT NOT NULL,
	starts_at BIGINT NOT NULL,
	ends_at BIGINT NOT NULL,
	venue TEXT NOT NULL,
	room TEXT NOT NULL,
	abstract TEXT NOT NULL,
	speakers TEXT NOT NULL,
	track TEXT NOT NULL,
	level TEXT NOT NULL,
	kind TEXT NOT NULL,
	language TEXT NOT NULL,
	recorded VARCHAR(10) NOT NULL,
	state VARCHAR(10) NOT NULL,
	revision INTEGER NOT NULL,
	recording_url TEXT DEFAULT '' NOT NULL,
	recording_at BIGINT,
	overflow TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_session PRIMARY KEY (conference, id),
	CONSTRAINT fk_session_conference FOREIGN KEY(conference) REFERENCES conference (slug) ON DELETE CASCADE
);

CREATE TABLE session_edit (
	conference VARCHAR(100) NOT NULL,
	session VARCHAR(200) NOT NULL,
	at BIGINT NOT NULL,
	organizer INTEGER,
	starts_at BIGINT,
	ends_at BIGINT,
	venue TEXT,
	room TEXT,
	cancelled BOOLEAN NOT NULL,
	source_starts_at BIGINT NOT NULL,
	source_ends_at BIGINT NOT NULL,
	source_venue TEXT NOT NULL,
	source_room TEXT NOT NULL,
	source_state VARCHAR(10) NOT NULL,
	recording_url TEXT,
	overflow TEXT,
	source_recording_url TEXT DEFAULT '' NOT NULL,
	source_overflow TEXT DEFAULT '' NOT NULL,
	CONSTRAINT pk_session_edit PRIMARY KEY (conference, session),
	CONSTRAINT fk_session_edit_conference FOREIGN KEY(conference) REFERENCES conference (slug) ON DELETE CASCADE,
	CONSTRAINT fk_session_edit_organizer FOREIGN KEY(organizer) REFERENCES attendee (id) ON DELETE SET NULL
);

CREATE TABLE topic (
	conference VARCHAR(100) NOT NULL,
	position INTEGER NOT NULL,
	name TEXT NOT NULL,
	text TEXT NOT NULL,
	place TEXT NOT NULL,
	hours TEXT NOT NULL,
	CONSTRAINT pk_topic PRIMARY KEY (conference, position),
	CONSTRAINT fk_topic_conference FOREIGN KEY(conference) REFERENCES conference (slug) ON DELETE CASCADE
);

CREATE TABLE uploaded_copy (
	number INTEGER NOT NULL,
	conference VARCHAR(100) NOT NULL,
	community INTEGER NOT NULL,
	name TEXT NOT NULL,
	zone VARCHAR(64) NOT NULL,
	revision INTEGER NOT NULL,
	at BIGINT NOT NULL,
	body BLOB NOT NULL,
	CONSTRAINT pk_uploaded_copy PRIMARY KEY (number),
	CONSTRAINT uq_uploaded_copy_community UNIQUE (community),
	CONSTRAINT fk_uploaded_copy_community FOREIGN KEY(community) REFERENCES community (id) ON DELETE CASCADE
);

CREATE TABLE venue (
	conference VARCHAR(100) NOT NULL,
	position INTEGER NOT NULL,
	name TEXT NOT NULL,
	aliases TEXT NOT NULL,
	lat FLOAT,
	lon FLOAT,
	minutes_inside INTEGER NOT NULL,
	rooms TEXT DEFAULT '[]' NOT NULL,
	entrances TEXT DEFAULT '[]' NOT NULL,
	outline TEXT DEFAULT '[]' NOT NULL,
	CONSTRAINT pk_venue PRIMARY KEY (conference, name),
	CONSTRAINT fk_venue_conference FOREIGN KEY(conference) REFERENCES conference (slug) ON DELETE CASCADE
);

CREATE TABLE walk_cell (
	conference VARCHAR(100) NOT NULL,
	origin TEXT NOT NULL,
	target TEXT NOT NULL,
	mode VARCHAR(20) NOT NULL,
	day VARCHAR(10) NOT NULL,
	peak BOOLEAN NOT NULL,
	outcome INTEGER NOT NULL,
	half INTEGER NOT NULL,
	people INTEGER NOT NULL,
	CONSTRAINT pk_walk_cell PRIMARY KEY (conference, origin, target, mode, day, peak, outcome, half),
	CONSTRAINT fk_walk_cell_conference FOREIGN KEY(conference) REFERENCES conference (slug) ON DELETE CASCADE
);

CREATE TABLE walk_key (
	conference VARCHAR(100) NOT NULL,
	secret VARCHAR(64) NOT NULL,
	CONSTRAINT pk_walk_key PRIMARY KEY (conference),
	CONSTRAINT fk_walk_key_conference FOREIGN KEY(conference) REFERENCES conference (slug) ON DELETE CASCADE
);

CREATE TABLE walk_promise (
	conference VARCHAR(100) NOT NULL,
	origin TEXT NOT NULL,
	target TEXT NOT NULL,
	mode VARCHAR(20) NOT NULL,
	hour BIGINT NOT NULL,
	followed INTEGER NOT NULL,
	arrived INTEGER NOT NULL,
	late INTEGER NOT NULL,
	minutes INTEGER NOT NULL,
	CONSTRAINT pk_walk_promise PRIMARY KEY (conference, origin, target, mode, hour),
	CONSTRAINT fk_walk_promise_conference FOREIGN KEY(conference) REFERENCES conference (slug) ON DELETE CASCADE
);

CREATE TABLE walk_voice (
	voice VARCHAR(64) NOT NULL,
	conference VARCHAR(100) NOT NULL,
	origin TEXT NOT NULL,
	target TEXT NOT NULL,
	mode VARCHAR(20) NOT NULL,
	day VARCHAR(10) NOT NULL,
	peak BOOLEAN NOT NULL,
	outcome INTEGER NOT NULL,
	half INTEGER NOT NULL,
	walks TEXT NOT NULL,
	fresh BOOLEAN NOT NULL,
	CONSTRAINT pk_walk_voice PRIMARY KEY (voice),
	CONSTRAINT fk_walk_voice_conference FOREIGN KEY(conference) REFERENCES conference (slug) ON DELETE CASCADE
);

CREATE INDEX ix_walk_voice_conference ON walk_voice (conference);

CREATE TABLE way (
	conference VARCHAR(100) NOT NULL,
	origin TEXT NOT NULL,
	target TEXT NOT NULL,
	mode VARCHAR(20) NOT NULL,
	source VARCHAR(20) NOT NULL,
	minutes FLOAT NOT NULL,
	p90 FLOAT,
	metres INTEGER,
	step_free VARCHAR(10),
	outdoor INTEGER,
	wait FLOAT DEFAULT '0' NOT NULL,
	days VARCHAR(7),
	hours VARCHAR(40),
	both_ways BOOLEAN DEFAULT 1 NOT NULL,
	samples INTEGER,
	as_of VARCHAR(10),
	line TEXT DEFAULT '[]' NOT NULL,
	CONSTRAINT pk_way PRIMARY KEY (conference, origin, target, mode, source),
	CONSTRAINT fk_way_conference FOREIGN KEY(conference) REFERENCES conference (slug) ON DELETE CASCADE
);
